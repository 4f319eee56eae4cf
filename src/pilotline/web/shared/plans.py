"""What a project does on a line, as forms take it."""

import re
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

LABELS = {
    "quantity": (_("Quantity a year"), pgettext_lazy("unit", "kg")),
    "temperature_low": (_("Lowest temperature"), "°C"),
    "temperature_high": (_("Highest temperature"), "°C"),
    "pressure_low": (_("Lowest pressure (gauge)"), "MPa"),
    "pressure_high": (_("Highest pressure (gauge)"), "MPa"),
}
PREFIX = "emissions_"


def substances(typed: str) -> list[str]:
    """Names that stand one a line or with commas between them, each once."""
    names = (name.strip() for name in re.split(r"[\n,，、;；]", typed))
    return list(dict.fromkeys(name for name in names if name))


def plan_of(given: Mapping[str, Any]) -> dict[str, Any]:
    """The figures of a form as a plan keeps them: text, empty where nothing was said."""
    found: dict[str, Any] = {name: _text(given.get(name)) for name in (*LABELS, "hazard_class")}
    found["emissions"] = {
        name.removeprefix(PREFIX): _text(value)
        for name, value in given.items()
        if name.startswith(PREFIX) and value is not None
    }
    return found


def _text(value: Any) -> str:
    return "" if value is None else str(value)
