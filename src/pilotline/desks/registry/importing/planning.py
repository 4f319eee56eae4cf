"""From rows to a plan: order, duplicates, whose facility a row speaks of, and its fate."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from pilotline.desks.registry.importing import cells, facilities
from pilotline.desks.registry.importing.cells import Unclear
from pilotline.desks.registry.importing.columns import KINDS, SHEET_NAMES
from pilotline.desks.registry.importing.headers import Header, find_header
from pilotline.desks.registry.importing.plan import CHANGED, IGNORED, NEW, REFUSED, SAME, Fate, Plan
from pilotline.desks.registry.importing.resources import (
    Setting,
    find_resource,
    kind_of,
    model_of,
    plan_resource,
)
from pilotline.desks.registry.importing.rows import Row, Statement, rows_of
from pilotline.desks.registry.importing.sheets import Book, Sheet
from pilotline.desks.registry.importing.statements import (
    Statements,
    add_read_statements,
    attribute_named,
)
from pilotline.desks.registry.importing.stock import Held, Stock, fold, strangers
from pilotline.desks.registry.models import Capability, Facility, Resource
from pilotline.rulebook import Rulebook

ORDER = ("facilities", "tiers", "lines", "resources", "capabilities", "certificates")


@dataclass(frozen=True, slots=True)
class Terms:
    """Under what terms a file is read.

    `official`: an authority's list of public facts, in the regions that `governs` allows; its
    rows need a source, `source_url` where they have none. Otherwise a list of `organisation`'s
    own. `facility` is meant where a row names none.
    """

    rulebook: Rulebook
    today: date
    official: bool
    organisation: int | None = None
    facility: str = ""
    source_url: str = ""
    governs: Any = None


@dataclass(slots=True)
class Planned:
    """A row on its way to its fate."""

    row: Row
    setting: Setting
    is_new: bool = False
    changes: list[tuple[str, str, str]] = field(default_factory=list)
    held: Held | None = None


class Planner:
    """Holds a book against the catalogue. `plan` is made once; `stock` holds what to write."""

    def __init__(self, terms: Terms, stock: Stock) -> None:
        self.terms, self.stock = terms, stock
        self.statements = Statements(terms.rulebook, terms.today)
        self.spoken: dict[tuple[Any, ...], Row] = {}
        self.remarks: list[str] = []
        self.others: set[tuple[str, str]] = set()

    def plan(self, book: Book) -> Plan:
        planned = [one for sheet in book.sheets for one in self._understood(sheet)]
        self.others = strangers(
            (p.row.text("name") for p in planned if p.row.kind == "facilities"), self.stock
        )
        for stage in ORDER:
            for one in planned:
                if not one.row.ignored and self._stage(one) == stage:
                    self._do(one)
        by_row = {id(one.row): one for one in planned}
        for row, _held, change in self.statements.settle():
            by_row[id(row)].changes.append(change)
        fates = tuple(_fate(one) for one in planned)
        for one, fate in zip(planned, fates, strict=True):
            if one.held is not None and fate.fate in (NEW, CHANGED):
                one.held.rows.append(
                    {
                        "row": f"{fate.sheet} {fate.row}",
                        "title": fate.title,
                        "changes": fate.changes,
                    }
                )
        return Plan(fates, tuple(self.remarks))

    def _understood(self, sheet: Sheet) -> Iterable[Planned]:
        if not sheet.rows:
            return
        rulebook, wanted = self.terms.rulebook, _kind_of_sheet(sheet.name)
        header = find_header(sheet, rulebook, wanted=wanted) or find_header(sheet, rulebook)
        if header is None:
            words = _(
                "Sheet “%(sheet)s”: no row with headings was found, at least a name and one more."
            )
            self.remarks.append(words % {"sheet": sheet.name})
            return
        if header.unknown:
            words = _("Sheet “%(sheet)s”: these columns are not known and were left out: %(names)s")
            names = "、".join(header.unknown.values())
            self.remarks.append(words % {"sheet": sheet.name, "names": names})
        setting = Setting(
            self.terms.rulebook,
            self.terms.today,
            _default_kind(sheet, header),
            header.remarks.get("price", ""),
        )
        for row in rows_of(sheet, header):
            yield Planned(row, setting)

    def _stage(self, one: Planned) -> str:
        if one.row.kind == "resources" and kind_in(one) == "line":
            return "lines"
        return one.row.kind

    def _do(self, one: Planned) -> None:
        if one.row.kind == "facilities":
            self._facility(one)
            return
        one.held = self._owner(one.row)
        if one.held is None:
            return
        getattr(self, f"_{one.row.kind}")(one, one.held)

    def _facility(self, one: Planned) -> None:
        row, terms = one.row, self.terms
        if not row.text("name"):
            row.wrong("name", _("This is missing."))
            return
        try:
            region = facilities.region_of(row, terms.rulebook)
        except facilities.Outside:
            row.ignored = _("lies outside of this region")
            return
        if terms.official and region and not terms.governs(region):
            row.ignored = _("lies outside of the area you answer for")
            return
        values = facilities.facility_values(row, terms.rulebook, official=terms.official)
        held = self._found(row, region)
        if held is None and (fold(row.text("name")), region) in self.others:
            row.wrong("name", _("Another organisation keeps a facility of this name here."))
        if held is None and not region:
            row.wrong("region", _("This is missing."))
        if self._is_repeated(
            row, ("facility", id(held) if held else fold(row.text("name")), region)
        ):
            return
        if held is not None and terms.official and held.facility.operator_id is not None:
            row.notes.append(_("Its operator keeps this record; only the tier is taken."))
            values = {}
        elif region and (held is None or held.facility.region == terms.rulebook.region.id):
            values["region"] = region
        one.is_new = held is None
        one.held = held = held or self._new_facility(row, values)
        found = self.statements.read(row, {})
        one.changes = facilities.plan_facility(held, row, values, terms.rulebook, terms.today)
        self._claim(row, held, None, found)
        step = facilities.tier_in(row, terms.rulebook) if terms.official else None
        if step is not None and not row.problems:
            one.changes += facilities.put_tier(held, step)
        if one.is_new and not row.problems:
            self.stock.held.append(held)

    def _found(self, row: Row, region: str) -> Held | None:
        if row.text("code"):
            found = self.stock.by_code(row.text("code"))
            if found is not None:
                return found
        whole = self.terms.rulebook.region.id
        same = self.stock.by_name(row.text("name"))
        exact = [h for h in same if h.facility.region == region]
        loose = [h for h in same if not region or whole in (region, h.facility.region)]
        return exact[0] if exact else loose[0] if len(loose) == 1 else None

    def _new_facility(self, row: Row, values: dict[str, Any]) -> Held:
        terms = self.terms
        facility = Facility(operator_id=terms.organisation, version=0)
        if terms.official:
            facility.is_public_fact = True
            facility.status = Facility.Status.PUBLISHED
            values.setdefault("source_url", terms.source_url)
            if not values["source_url"]:
                row.wrong("source_url", _("An official list needs a source for every row."))
        held = Held(facility)
        held.write(facility)
        return held

    def _owner(self, row: Row) -> Held | None:
        """The facility a row speaks of; a problem when it is not one of those to be changed."""
        named = row.text("facility")
        found = self.stock.by_code(row.text("code")) if row.text("code") else None
        if found is None and named:
            same = self.stock.by_name(named)
            found = same[0] if len(same) == 1 else self.stock.by_code(named)
        if found is None and not named and not row.text("code"):
            own = self.stock.by_code(self.terms.facility) if self.terms.facility else None
            found = own or (self.stock.held[0] if len(self.stock.held) == 1 else None)
            if found is None:
                row.wrong("facility", _("The row does not say to which facility it belongs."))
        elif found is None:
            words = _("“%(name)s” is not one of the facilities you may change.")
            row.wrong("facility", words % {"name": named or row.text("code")})
        if found is not None and self.terms.official and found.facility.operator_id is not None:
            row.wrong("facility", _("Its operator keeps this record."))
        return found

    def _is_repeated(self, row: Row, key: tuple[Any, ...]) -> bool:
        """The same thing twice in one file: twice the same is passed over, otherwise refused."""
        earlier = self.spoken.setdefault(key, row)
        if earlier is row:
            return False
        if _said(earlier) == _said(row):
            row.ignored = _("the same as row %(row)d") % {"row": earlier.number}
        else:
            words = _("Row %(row)d says something else of the same thing.")
            row.wrong("name", words % {"row": earlier.number})
        return True

    def _claim(
        self, row: Row, held: Held, resource: Resource | None, found: list[Capability]
    ) -> None:
        if not row.problems:
            self.statements.claim(held, resource, row, found)

    def _resources(self, one: Planned, held: Held) -> None:
        row, setting = one.row, one.setting
        if not row.text("name"):
            row.wrong("name", _("This is missing."))
            return
        kind = kind_of(row, setting)
        key = (id(held), kind, fold(row.text("line")), fold(row.text("name")), fold(model_of(row)))
        if self._is_repeated(row, key):
            return
        add_read_statements(row, setting.rulebook, setting.today)
        found = self.statements.read(row, {})
        resource, one.is_new, one.changes = plan_resource(held, row, kind, setting)
        self._claim(row, held, resource, found)

    def _capabilities(self, one: Planned, held: Held) -> None:
        row = one.row
        resource = self._resource(one, held)
        try:
            attribute = attribute_named(self.terms.rulebook, row.text("attribute"))
        except KeyError as error:
            row.wrong("attribute", error.args[0])
            return
        place = row.places.get("written", "")
        row.statements = [Statement(attribute, row.text("written"), row.text("unit"), place)]
        more = {"evidence": row.text("evidence"), "measured_on": row.values.get("measured_on")}
        found = self.statements.read(row, more)
        self._claim(row, held, resource, found)

    def _certificates(self, one: Planned, held: Held) -> None:
        resource = self._resource(one, held)
        if not one.row.problems:
            one.is_new, one.changes = facilities.put_certificate(
                held, resource, one.row, self.terms.rulebook
            )

    def _tiers(self, one: Planned, held: Held) -> None:
        if not self.terms.official:
            one.row.ignored = _("tiers are decided by the authority")
            return
        step = facilities.tier_of_row(one.row, self.terms.rulebook, self.terms.today)
        if step is not None and not one.row.problems:
            one.changes = facilities.put_tier(held, step)

    def _resource(self, one: Planned, held: Held) -> Resource | None:
        """The resource a row names, None for the facility as a whole."""
        if not one.row.text("name"):
            return None
        found = find_resource(held, one.row, kind_of(one.row, one.setting))
        if found is None:
            words = _("This facility has no “%(name)s”.") % {"name": one.row.text("name")}
            one.row.wrong("name", words)
        return found


def _kind_of_sheet(name: str) -> str:
    """Sheets of an export say by their name what they are."""
    return next((kind for kind, names in SHEET_NAMES.items() if name in names), "")


def _default_kind(sheet: Sheet, header: Header) -> str:
    """What rows without a kind are: what the heading or the sheet's name says, else equipment."""
    column = header.column("name")
    heading = header.headings.get(column, "") if column else ""
    for text in (heading, sheet.name):
        try:
            return cells.kind_in(text)
        except Unclear:
            continue
    return "equipment"


def kind_in(one: Planned) -> str:
    try:
        return (
            cells.kind_in(one.row.text("kind"))
            if one.row.text("kind")
            else one.setting.default_kind
        )
    except Unclear:
        return ""


def _said(row: Row) -> tuple[Any, ...]:
    values = {k: v for k, v in row.values.items() if k in {c.key for c in KINDS[row.kind]}}
    return values, [(s.attribute, s.written, s.unit) for s in row.statements]


def _fate(one: Planned) -> Fate:
    row = one.row
    if row.problems:
        fate = REFUSED
    elif row.ignored:
        fate = IGNORED
    elif not (one.is_new or one.changes):
        fate = SAME
    else:
        # A statement or a tier step has no record of its own: it is new where nothing stood.
        added = row.kind in ("capabilities", "tiers") and not any(c[1] for c in one.changes)
        fate = NEW if one.is_new or added else CHANGED
    title = " · ".join(
        t
        for t in (row.text("facility"), row.text("line"), row.text("name") or row.text("tier"))
        if t
    )
    notes = [row.ignored, *row.notes] if row.ignored else row.notes
    changes = one.changes if fate in (NEW, CHANGED) else []
    shown = [change for change in changes if fate == CHANGED or change[2]]
    return Fate(row.sheet, row.number, row.kind, title[:200], fate, shown, row.problems, notes)
