"""Texts of the rulebook as problems and lazy texts, put into words where they are shown."""

from collections.abc import Iterable
from typing import Any

from django.utils.functional import lazy
from django.utils.translation import get_language

from pilotline.kernel.errors import Problem
from pilotline.rulebook import Missing, Text


def _say(zh: str, en: str) -> str:
    return zh if (get_language() or "zh").startswith("zh") else en


say = lazy(_say, str)


def said(text: Text) -> Any:
    """A text of the rulebook as a lazy one: it is put into words where it is shown."""
    return say(text.zh, text.en)


def problems_from(missing: Iterable[Missing]) -> list[Problem]:
    """What the form misses, as problems with their fields."""
    return [Problem(m.code, said(m.text), m.field) for m in missing]
