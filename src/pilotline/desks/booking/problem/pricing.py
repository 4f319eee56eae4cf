"""The bridge to the pricing engine: stored tariffs and wishes in, lines as JSON values out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from typing import Any

from pilotline.desks.booking.models import Tariff
from pilotline.desks.booking.problem import contents
from pilotline.desks.booking.problem.sentences import problems_from
from pilotline.desks.booking.rules.tariffs import Wanted
from pilotline.engines.pricing import problem as engine
from pilotline.engines.pricing.buildup import BuildUp, Part, build_up, faults_of_basis
from pilotline.engines.pricing.faults import faults_of_tariff
from pilotline.engines.pricing.result import Bill, Line, Term
from pilotline.engines.pricing.solve import solve
from pilotline.kernel.errors import Problem, Refused, refuse
from pilotline.rulebook import Rulebook

ENGINE = "pricing 1"
DRAFT = "draft"


@dataclass(frozen=True, slots=True)
class Priced:
    """A bill: amounts in yuan, `lines` as plain JSON values, the versions of the tariffs used."""

    user_class: str
    net: Decimal
    tax: Decimal
    total: Decimal
    lines: list[dict[str, Any]]
    tariffs: list[dict[str, int]]
    engine: str = ENGINE


def classes_of(rulebook: Rulebook) -> tuple[str, ...]:
    """The classes that tariffs may name; one without a name where the rulebook has none."""
    return rulebook.user_classes.ids or ("",)


def problems_of_tariff(content: Mapping[str, Any], rulebook: Rulebook) -> list[Problem]:
    """Everything that is wrong with the content of a tariff, by the engine and by the rulebook."""
    tariff, unread = contents.half_read(content, id=DRAFT)
    found = problems_from(faults_of_tariff(tariff, classes_of(rulebook)))
    found += contents.problems_of_limits(tariff, rulebook)
    # What could not be read stands as nothing: it is not blamed a second time for that.
    blamed = {problem.field for problem in unread}
    return unread + [p for p in found if not _lies_in(p.field, blamed)]


def _lies_in(field: str, blamed: set[str]) -> bool:
    return any(field == one or field.startswith(f"{one}.") for one in blamed)


def priced(
    tariffs: Sequence[Tariff],
    wanted: Sequence[Wanted],
    *,
    user_class: str,
    on: date,
    rulebook: Rulebook,
) -> Priced:
    """The bill of these uses. Raises Refused with everything that cannot be priced."""
    read = tuple(contents.read_tariff(row.content, id=str(row.pk)) for row in tariffs)
    known = tuple(_placed(one, row) for one, row in zip(read, tariffs, strict=True))
    problem = _problem(known, wanted, user_class, on, rulebook)
    bill = _solved(problem)
    titles = {(str(t.pk), e["id"]): e for t in tariffs for e in t.content["entries"]}
    versions = {str(row.pk): row.version for row in tariffs}
    return Priced(
        user_class=user_class,
        net=bill.net,
        tax=bill.tax,
        total=bill.total,
        lines=[_line(line, titles, versions) for line in bill.lines],
        tariffs=[
            {"tariff": row.pk, "version": row.version}
            for row in tariffs
            if any(line.tariff == str(row.pk) for line in bill.lines)
        ],
    )


def sampled(
    content: Mapping[str, Any],
    wanted: Sequence[Wanted],
    *,
    user_class: str,
    on: date,
    rulebook: Rulebook,
) -> Priced:
    """A sample bill of a tariff that is still being written. Raises Refused with all problems."""
    refuse(problems_of_tariff(content, rulebook))
    tariff = contents.read_tariff(content, id="0")
    bill = _solved(_problem((tariff,), wanted, user_class, on, rulebook))
    titles = {("0", e["id"]): e for e in content["entries"]}
    lines = [_line(line, titles, {"0": 0}) for line in bill.lines]
    return Priced(user_class, bill.net, bill.tax, bill.total, lines, [])


def _problem(
    tariffs: tuple[engine.Tariff, ...],
    wanted: Sequence[Wanted],
    user_class: str,
    on: date,
    rulebook: Rulebook,
) -> engine.Problem:
    policy = rulebook.pricing
    way = engine.Rounding()
    if policy is not None:
        way = engine.Rounding(policy.rounding, policy.line_step, policy.total_step)
    uses = tuple(
        engine.Use(
            str(number),
            "" if use.resource is None else str(use.resource),
            use.day,
            tuple(engine.Quantity(m.kind, m.unit, m.amount, m.what) for m in use.meters),
            use.urgent,
        )
        for number, use in enumerate(wanted)
    )
    return engine.Problem(
        tariffs=tariffs,
        uses=uses,
        user_class=user_class,
        classes=classes_of(rulebook),
        on=on,
        rounding=way,
    )


def _solved(problem: engine.Problem) -> Bill:
    try:
        return solve(problem)
    except engine.Unpriceable as error:
        raise Refused(problems_from(error.faults)) from None


def _placed(tariff: engine.Tariff, row: Tariff) -> engine.Tariff:
    """The tariff where it belongs; that it holds on the day was asked when it was fetched."""
    known = {one.name: getattr(tariff, one.name) for one in fields(tariff)}
    place = "" if row.resource_id is None else str(row.resource_id)
    return engine.Tariff(**known | {"resource": place})


def _line(
    line: Line,
    titles: Mapping[tuple[str, str], Mapping[str, Any]],
    versions: Mapping[str, int],
) -> dict[str, Any]:
    entry = titles.get((line.tariff, line.entry), {})
    return {
        "kind": line.kind,
        "title": entry.get("title", ""),
        "title_en": entry.get("title_en", ""),
        "amount": f"{line.amount:.2f}",
        "tariff": int(line.tariff) if line.tariff else None,
        "version": versions.get(line.tariff),
        "entry": line.entry,
        "use": line.use,
        "resource": int(line.resource) if line.resource else None,
        "what": line.what,
        "unit": line.unit,
        "quantity": None if line.quantity is None else contents.plain(line.quantity),
        "terms": [_term(term) for term in line.terms],
    }


def _term(term: Term) -> dict[str, str]:
    return {"word": term.word, "value": contents.plain(term.value), "unit": term.unit}


def problems_of_basis(content: Mapping[str, Any]) -> list[Problem]:
    """Everything that is wrong with a cost basis."""
    try:
        basis = contents.read_basis(content)
    except Refused as refused:
        return list(refused.problems)
    return problems_from(faults_of_basis(basis))


def built_up(content: Mapping[str, Any]) -> BuildUp:
    """The hourly price of a stored cost basis. Raises Refused."""
    refuse(problems_of_basis(content))
    return build_up(contents.read_basis(content))


def parts_of(content: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The parts of a built-up price as plain JSON values."""
    return [_part(part) for part in built_up(content).parts]


def _part(part: Part) -> dict[str, Any]:
    terms = [_term(term) for term in part.terms]
    return {"kind": part.kind, "name": part.name, "amount": f"{part.amount:.2f}", "terms": terms}
