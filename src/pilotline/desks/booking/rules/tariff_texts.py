"""Tiers and caps of a tariff as people write them: `0-500: 100%`, `600/month/sme`."""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from pilotline.kernel.numerals import tidy
from pilotline.rulebook import words

HUNDRED = Decimal(100)
TIER = re.compile(r"\s*([0-9.]+)\s*(?:-|~|～|–|至|到)\s*([0-9.]*)\s*[:：\s]\s*([0-9.]+)\s*[%％]\s*")
LINES = re.compile(r"[\n;；]")
LIST = re.compile("[,，、]")
PERIODS = {
    **{name: name for name in words.CAP_PERIODS},
    **{"次": "use", "日": "day", "天": "day", "周": "week", "月": "month", "年": "year"},
}


class Unreadable(ValueError):
    """This line is no tier, or no cap; the line is the error's only argument."""


def percent_of(share: Any) -> str:
    """`90` from the share `0.9`; empty for nothing."""
    if share in (None, ""):
        return ""
    return f"{tidy(Decimal(str(share)) * HUNDRED):f}"


def read_tiers(text: str) -> list[dict[str, Any]]:
    """One tier a line, or between semicolons. Raises Unreadable."""
    found = []
    for line in LINES.split(text):
        if not line.strip():
            continue
        read = TIER.fullmatch(line)
        try:
            if read is None:
                raise InvalidOperation
            start, factor = Decimal(read[1]), Decimal(read[3]) / HUNDRED
            end = f"{Decimal(read[2]):f}" if read[2] else None
        except InvalidOperation:
            raise Unreadable(line.strip()[:40]) from None
        found.append({"start": f"{start:f}", "end": end, "factor": f"{factor:f}"})
    return found


def read_caps(
    text: str, classes: Sequence[tuple[str, str]], periods: Mapping[str, str]
) -> list[dict[str, Any]]:
    """One cap a line: amount, period, and classes of users by id or title. Raises Unreadable."""
    titles = {title: name for name, title in classes} | {name: name for name, _title in classes}
    return [_cap(line, titles, PERIODS | periods) for line in LINES.split(text) if line.strip()]


def _cap(line: str, titles: Mapping[str, str], periods: Mapping[str, str]) -> dict[str, Any]:
    parts = [part.strip() for part in line.split("/")]
    named = [c.strip() for c in LIST.split(parts[2])] if len(parts) == 3 else []
    try:
        limit = Decimal(parts[0])
        period = periods[parts[1].lower()]
        classes = [titles[one] for one in named if one]
    except (InvalidOperation, KeyError, IndexError):
        raise Unreadable(line.strip()[:40]) from None
    return {"amount": f"{limit:f}", "period": period, "classes": classes}


def tiers_text(entry: Mapping[str, Any]) -> str:
    """The tiers of a stored entry, one a line."""
    return "\n".join(
        f"{t['start']}-{t.get('end') or ''}: {percent_of(t['factor'])}%"
        for t in entry.get("tiers") or ()
    )


def caps_text(entry: Mapping[str, Any]) -> str:
    """The caps of a stored entry, one a line."""
    return "\n".join(
        "/".join([c["amount"], c["period"], *([",".join(c["classes"])] if c["classes"] else [])])
        for c in entry.get("caps") or ()
    )
