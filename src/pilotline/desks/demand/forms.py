"""Answers as they come in: made storable, never thrown away.

What cannot be read is kept as typed, so that the page shows it again beside what is wrong.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from pilotline.desks.demand.queries.shown import answer_text
from pilotline.desks.demand.rules import may_hide, released_by
from pilotline.kernel.numerals import MULTIPLES, number, plain
from pilotline.rulebook import Form, FormField
from pilotline.rulebook.answers import as_number

WHOLE = "whole"
# A field's text may pass its limit and is kept; past this it is no text that a person typed.
MOST_CHARACTERS = 400_000
MOST_CHOICES = 300
# What PostgreSQL cannot keep and nobody can see: control characters and halves of a character.
UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
DAY = re.compile(r"([0-9]{4})\s*[-/.年]\s*([0-9]{1,2})\s*[-/.月]\s*([0-9]{1,2})\s*日?")
YUAN = re.compile(
    r"(?:人民币|CNY|RMB|[¥￥])?\s*(.+?)\s*(百万|千万|[十百千万亿])?\s*(?:元|CNY|RMB|yuan)?"
)


def storable(text: str) -> str:
    """The text without characters that no one can see, lines ended by `\\n`."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return UNSEEN.sub("", text)[:MOST_CHARACTERS]


def posted(form: Form, data: Any) -> dict[str, Any]:
    """Answers from a posted form (a Django QueryDict). Fields that were not sent are left out.

    Tick boxes and chips send nothing when none is chosen: the mark WHOLE says that the whole form
    was sent, so that their absence is an answer.
    """
    answers: dict[str, Any] = {}
    for field in form.fields:
        silent = WHOLE in data and field.type in ("choice", "choices", "flag")
        if field.type == "files" or (field.id not in data and not silent):
            continue
        if field.type == "choices":
            answers[field.id] = data.getlist(field.id)
        elif field.type == "flag":
            answers[field.id] = field.id in data
        else:
            answers[field.id] = data.get(field.id, "")
    return answers


def clean(form: Form, answers: Mapping[str, Any]) -> dict[str, Any]:
    """The answers to the form's questions, storable and in their usual spelling where readable.

    Unknown keys and files are left out; files are attached, not answered.
    """
    return {
        f.id: _clean(f, answers[f.id]) for f in form.fields if f.id in answers and f.type != "files"
    }


def _clean(field: FormField, given: Any) -> Any:
    if field.type == "choices":
        listed = given if isinstance(given, list) else [] if given is None else [given]
        return [storable(str(one))[:60] for one in listed[:MOST_CHOICES]]
    if field.type == "flag":
        return given if isinstance(given, bool) else given in ("on", "true", "1", "yes")
    if given is None or isinstance(given, bool):
        return given
    text = storable(str(given))
    if field.type == "long_text":
        return text
    text = text.strip()
    if field.type == "date":
        return _day(text)
    if field.type in ("number", "money"):
        return _figure(text, money=field.type == "money")
    return " ".join(text.split()) if field.type == "text" else text


def _day(text: str) -> str:
    """`2027/3/1`, `2027年3月1日` as `2027-03-01`; anything else as typed."""
    found = DAY.fullmatch(plain(text).strip())
    if not found:
        return text
    try:
        return date(*(int(part) for part in found.groups())).isoformat()
    except ValueError:
        return text


def _figure(text: str, *, money: bool) -> str:
    """`５０万元` as `500000`, `1,000` as `1000`; anything else as typed."""
    found = YUAN.fullmatch(plain(text).strip()) if money else None
    digits, multiple = (found[1], found[2]) if found else (text, None)
    value = number(digits) if digits.strip() else None
    if value is None:
        return text
    if multiple:
        value *= MULTIPLES[multiple]
    spelled = f"{value:f}"
    return spelled.rstrip("0").rstrip(".") if "." in spelled else spelled


# The texts that are read. What two of them say stands where the first of them says it.
TEXT_ROLES = ("body", "indicators", "title")
WORD_ROLES = ("keywords", "summary", "body", "indicators")


def columns(form: Form, answers: Mapping[str, Any], confidential: Iterable[str]) -> dict[str, Any]:
    """What lists filter by, repeated from the answers as far as these can be read."""
    hidden = [f for f in may_hide(form) if f in set(confidential)]
    released = released_by(form, answers, hidden)
    budget = as_number(form.answer(answers, "budget_high"))
    return {
        "title": str(form.answer(answers, "title") or "")[:400],
        "text": "\n".join(str(form.answer(answers, role) or "") for role in WORD_ROLES).strip(),
        "public_text": _public_text(form, answers, released),
        "fields": _listed(form, answers, "field"),
        "chain": next(iter(_listed(form, answers, "chain")), ""),
        "services": _listed(form, answers, "service"),
        "verifications": _listed(form, answers, "verification"),
        "scale": next(iter(_listed(form, answers, "scale")), ""),
        "deadline": _date(form.answer(answers, "end")),
        "budget": budget if budget is not None and 0 <= budget < Decimal(10) ** 15 else None,
        "released": released,
        "confidential": sorted(form.confidential_ids) + hidden,
    }


def _listed(form: Form, answers: Mapping[str, Any], role: str) -> list[str]:
    """The ids chosen for a role, without any that the form does not offer."""
    asked, given = form.by_role(role), form.answer(answers, role)
    if asked is None or given is None:
        return []
    offered = {option.id for option in asked.options}
    return [one for one in (given if isinstance(given, list) else [given]) if one in offered]


def _date(given: Any) -> date | None:
    try:
        return date.fromisoformat(given)
    except (TypeError, ValueError):
        return None


def _public_text(form: Form, answers: Mapping[str, Any], released: Iterable[str]) -> str:
    """The title and what was released, in both languages, for strangers' searches."""
    title = form.by_role("title")
    shown = {title.id, *released} if title else set(released)
    words = (
        answer_text(field, answers.get(field.id), language)
        for field in form.fields
        if field.id in shown
        for language in ("zh", "en")
    )
    return "\n".join(dict.fromkeys(w for w in words if w))
