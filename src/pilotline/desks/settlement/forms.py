"""What people write into an order, read and checked: all that is wrong at once."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from pilotline.desks.journal.queries import current_rulebook
from pilotline.desks.settlement.models import Order
from pilotline.desks.settlement.queries import latest
from pilotline.kernel.errors import Problem
from pilotline.kernel.money import to_fen
from pilotline.rulebook import Rulebook
from pilotline.rulebook.answers import CONTROL, as_number
from pilotline.rulebook.orders import at_first, on_offer

MOST_MONEY = Decimal("99999999999.99")
MOST_ROWS = 40
LENGTHS = {"title": 200, "scope": 8000, "extra": 4000, "row": 400}
SIDES = ("applicant", "operator")
WHOLE = Decimal(100)


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What both sides agree on. Amounts in yuan; days as ISO texts; `shares` in percent."""

    kind: str
    title: str = ""
    scope: str = ""
    deliverables: tuple[Mapping[str, str], ...] = ()
    milestones: tuple[Mapping[str, Any], ...] = ()
    price: Decimal | None = None
    quotation: str = ""
    shares: Mapping[str, Decimal] = field(default_factory=dict)
    clauses: Mapping[str, str] = field(default_factory=dict)
    extra: str = ""
    starts: str | None = None
    ends: str | None = None


def terms_of(content: Mapping[str, Any]) -> dict[str, Any]:
    """What a stored text was written from, as `read_terms` takes it."""
    return {
        "kind": content["kind"]["id"],
        "title": content["title"],
        "scope": content["scope"],
        "deliverables": content["deliverables"],
        "milestones": [
            {key: row[key] for key in ("title", "due", "payment")} for row in content["milestones"]
        ],
        "price": content["price"],
        "quotation": content["quotation"],
        "shares": content["shares"],
        "clauses": {row["group"]["id"]: row["clause"]["id"] for row in content["clauses"]},
        "extra": content["extra"],
        "starts": content["starts"],
        "ends": content["ends"],
    }


def first_clauses(rulebook: Rulebook, kind: str, day: date) -> dict[str, str]:
    """The clauses that a new order of this kind begins with, by group."""
    chosen = {
        g.id: at_first(rulebook.order_clauses, g.id, kind, day) for g in rulebook.order_groups
    }
    return {group: clause for group, clause in chosen.items() if clause}


def read_terms(raw: Mapping[str, Any], *, rulebook: Rulebook) -> tuple[Terms, list[Problem]]:
    """The terms and everything that cannot stand, even in a draft."""
    problems: list[Problem] = []
    words = {name: _words(raw, name, problems) for name in ("title", "scope", "extra")}
    kind = str(raw.get("kind", ""))
    if kind not in rulebook.order_kinds:
        problems.append(Problem("kind", _("Choose a kind of order."), field="kind"))
    terms = Terms(
        kind=kind,
        **words,
        deliverables=tuple(_deliverables(raw, problems)),
        milestones=tuple(_milestones(raw, problems)),
        price=_amount(raw.get("price"), "price", problems),
        quotation=str(raw.get("quotation") or ""),
        shares=_shares(raw.get("shares") or {}, problems),
        clauses=_clauses(raw.get("clauses") or {}, kind, rulebook, problems),
        starts=_day(raw.get("starts"), "starts", problems),
        ends=_day(raw.get("ends"), "ends", problems),
    )
    if terms.starts and terms.ends and terms.ends < terms.starts:
        problems.append(Problem("days", _("The end lies before the start."), field="ends"))
    return terms, problems


def _words(raw: Mapping[str, Any], name: str, problems: list[Problem]) -> str:
    text = str(raw.get(name) or "").strip()
    return _short(text, name, LENGTHS[name], problems)


def _short(text: str, name: str, most: int, problems: list[Problem]) -> str:
    if CONTROL.search(text):
        said = _("This holds characters that cannot be shown.")
        problems.append(Problem("characters", said, field=name))
    if len(text) > most:
        said = _("At most {most} characters, please: these are {found}.")
        problems.append(Problem("long", said.format(most=most, found=len(text)), field=name))
    return text


def _rows(raw: Mapping[str, Any], name: str, problems: list[Problem]) -> list[Mapping[str, Any]]:
    listed = raw.get(name) or ()
    if not isinstance(listed, list | tuple) or not all(isinstance(r, Mapping) for r in listed):
        problems.append(Problem("rows", _("This must be a list of rows."), field=name))
        return []
    filled = [row for row in listed if any(str(v or "").strip() for v in row.values())]
    if len(filled) > MOST_ROWS:
        said = _("At most {most} rows, please.").format(most=MOST_ROWS)
        problems.append(Problem("rows", said, field=name))
    return filled[:MOST_ROWS]


def _deliverables(raw: Mapping[str, Any], problems: list[Problem]) -> Iterator[dict[str, str]]:
    for row in _rows(raw, "deliverables", problems):
        yield {
            key: _short(str(row.get(key) or "").strip(), "deliverables", LENGTHS["row"], problems)
            for key in ("title", "amount", "standard")
        }


def _milestones(raw: Mapping[str, Any], problems: list[Problem]) -> Iterator[dict[str, Any]]:
    for row in _rows(raw, "milestones", problems):
        yield {
            "title": _short(
                str(row.get("title") or "").strip(), "milestones", LENGTHS["row"], problems
            ),
            "due": _day(row.get("due"), "milestones", problems),
            "payment": _amount(row.get("payment"), "milestones", problems),
        }


def _amount(given: Any, name: str, problems: list[Problem]) -> Decimal | None:
    if given in (None, ""):
        return None
    value = as_number(str(given).replace(",", ""))
    if value is None or value > MOST_MONEY:
        problems.append(Problem("amount", _("This is no amount of money."), field=name))
    elif value < 0:
        problems.append(Problem("negative", _("An amount may not be negative."), field=name))
    elif value != to_fen(value):
        problems.append(Problem("fen", _("At most two decimals, please."), field=name))
    else:
        return to_fen(value)
    return None


def _shares(given: Any, problems: list[Problem]) -> dict[str, Decimal]:
    """Percentages of both sides; those of a draft may still be missing."""
    found: dict[str, Decimal] = {}
    for side in SIDES:
        typed = given.get(side) if isinstance(given, Mapping) else None
        if typed in (None, ""):
            continue
        value = as_number(typed)
        if value is None or not 0 <= value <= WHOLE or value != round(value, 2):
            said = _("A share is a percentage from 0 to 100.")
            problems.append(Problem("share", said, field="shares"))
        else:
            found[side] = value
    return found


def _clauses(given: Any, kind: str, rulebook: Rulebook, problems: list[Problem]) -> dict[str, str]:
    chosen: dict[str, str] = {}
    for group, name in given.items() if isinstance(given, Mapping) else ():
        if not name:
            continue
        clause = rulebook.order_clauses.get(str(name))
        if clause is None or clause.group != group or kind not in clause.order_kinds:
            said = _("This clause is not on offer for such an order.")
            problems.append(Problem("clause", said, field=f"clause_{group}"))
        else:
            chosen[group] = clause.id
    return chosen


def _day(given: Any, name: str, problems: list[Problem]) -> str | None:
    if given in (None, ""):
        return None
    try:
        return date.fromisoformat(str(given)).isoformat()
    except ValueError:
        problems.append(Problem("day", _("There is no such day."), field=name))
        return None


def problems_of_agreeing(terms: Terms, *, rulebook: Rulebook, day: date) -> list[Problem]:
    """Everything that a text still lacks before anybody may agree to it."""
    return [*_lacking(terms), *_unpaid(terms, rulebook), *_uncovered(terms, rulebook, day)]


def missing(*, order: Order, day: date) -> list[Problem]:
    """What the newest text of an order lacks. The caller fetched the order through a query."""
    rulebook = current_rulebook()
    terms, problems = read_terms(terms_of(latest(order=order).content), rulebook=rulebook)
    return [*problems, *problems_of_agreeing(terms, rulebook=rulebook, day=day)]


def _lacking(terms: Terms) -> Iterator[Problem]:
    if not terms.title:
        yield Problem("title", _("Give the order a title."), field="title")
    if not terms.scope:
        yield Problem("scope", _("Say what is to be done."), field="scope")
    if not any(row["title"] for row in terms.deliverables):
        yield Problem("deliverables", _("Name at least one deliverable."), field="deliverables")
    if not (terms.starts and terms.ends):
        yield Problem("days", _("Say when it starts and ends."), field="starts")


def _unpaid(terms: Terms, rulebook: Rulebook) -> Iterator[Problem]:
    kind = rulebook.order_kinds.get(terms.kind)
    pays = kind.pays if kind else ("price",)
    if "shares" not in pays and terms.shares:
        said = _("Such an order is paid by a price, not by shares.")
        yield Problem("shares", said, field="shares")
    if terms.price is None and not terms.shares:
        yield Problem("price", _("Say what is paid for it."), field="price")
    if terms.shares and sum(terms.shares.values()) != WHOLE:
        said = _("The shares must add to 100 %.")
        yield Problem("shares", said, field="shares")
    payments = [row["payment"] for row in terms.milestones if row["payment"] is not None]
    if payments and terms.price is not None and sum(payments) != terms.price:
        said = _("The payments of the milestones add to {sum}, not to the price of {price}.")
        text = said.format(sum=sum(payments), price=terms.price)
        yield Problem("milestones", text, field="milestones")


def _uncovered(terms: Terms, rulebook: Rulebook, day: date) -> Iterator[Problem]:
    for group in rulebook.order_groups:
        if terms.kind in group.mandatory_for and group.id not in terms.clauses:
            if not on_offer(rulebook.order_clauses, group.id, terms.kind, day):
                continue
            said = _("Choose a clause on “{group}”.")
            text = said.format(group=group.title.say(get_language() or "zh"))
            yield Problem("clause", text, field=f"clause_{group.id}", data={"group": group.id})
