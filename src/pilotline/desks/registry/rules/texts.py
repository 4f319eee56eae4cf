"""What any typed text must satisfy before it reaches a column."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from pilotline.kernel.errors import Problem

# Line breaks and tabs are what people type; the other control characters break exports and logs.
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u2028\u2029\ufffe\uffff\ud800-\udfff]")
URL = re.compile(r"https?://[^\s<>\"']+", re.IGNORECASE)


def problems_of_texts(model: type[models.Model], values: Mapping[str, Any]) -> list[Problem]:
    """Control characters, and texts longer than their column."""
    found = []
    for name, value in values.items():
        column = model._meta.get_field(name)
        if not isinstance(value, str) or not isinstance(
            column, models.CharField | models.TextField
        ):
            continue
        if CONTROL.search(value):
            words = _("This text holds characters that cannot be printed.")
            found.append(Problem("control-character", words, name))
        if column.max_length and len(value) > column.max_length:
            words = _("At most %(most)d characters; these are %(given)d.")
            data = {"most": column.max_length, "given": len(value)}
            found.append(Problem("too-long", words % data, name))
        if isinstance(column, models.URLField) and value and not URL.fullmatch(value):
            words = _("A web address begins with http:// or https://.")
            found.append(Problem("no-address", words, name))
    return found


def problems_of_choice(
    field: str, chosen: Iterable[str], offered: Iterable[str], *, standing: Iterable[str] = ()
) -> list[Problem]:
    """Ids that the rulebook does not know; those in `standing` were there before and may stay."""
    known = set(offered) | set(standing)
    return [
        Problem("unknown-choice", _("“%(value)s” is not on the list.") % {"value": value}, field)
        for value in chosen
        if value and value not in known
    ]


def problem_of_emptiness(field: str, value: Any) -> list[Problem]:
    if value in (None, "", []):
        return [Problem("missing", _("This is missing."), field)]
    return []
