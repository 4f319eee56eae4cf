"""Lists of prices: what is handed in becomes a plan that is shown; that plan is carried out."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pilotline.desks.booking.forms.reading import Draft, Reader, Row, content_of, place_of
from pilotline.desks.booking.models import Tariff, TariffFile
from pilotline.desks.booking.problem import contents
from pilotline.desks.booking.queries.tariff_lists import newest_tariffs, tariff_file
from pilotline.desks.booking.services.tariffs import problems_of_setting, set_tariff
from pilotline.desks.journal.queries import current_rulebook
from pilotline.desks.journal.services import record
from pilotline.desks.registry import queries as registry
from pilotline.desks.registry.forms import CHANGED, NEW, REFUSED, SAME, Fate, Plan, open_file
from pilotline.kernel.actor import Actor
from pilotline.kernel.errors import Conflict, NotAllowed, Problem, refuse

KEPT = timedelta(days=90)
# What of a tariff's terms a row shows as changed; the words are those of the columns.
TERMS = ("urgent", "overhead", "tax", "tax_mode")


@dataclass(slots=True)
class _Setting:
    """One tariff to be set: where, what, from when, and the version it takes the place of."""

    code: str
    resource: int | None
    content: Mapping[str, Any]
    start: date
    end: date | None
    note: str
    seen: int


@transaction.atomic
def plan_tariffs(*, who: Actor, name: str, content: bytes, now: datetime) -> TariffFile:
    """Read a list of prices and keep what it would do. Sets no price.

    Raises UnreadableFile for what cannot be opened, NotAllowed for who operates nothing.
    """
    plan, _settings = _planned(who, name, content, now)
    return TariffFile.objects.create(
        name=name[-200:],
        content=content,
        plan=plan.to_json(),
        digest=plan.digest,
        made_by=who.id,
        made_at=now,
    )


@transaction.atomic
def apply_tariffs(*, who: Actor, pk: int, now: datetime) -> TariffFile:
    """Set the prices of the plan that was shown. A second time does nothing; what was refused is
    left out. Raises Conflict when prices have changed so that the plan would be another."""
    tariff_file(who=who, id=pk)
    file = TariffFile.objects.select_for_update(no_key=True).get(pk=pk)
    if file.status == TariffFile.Status.APPLIED:
        return file
    plan, settings = _planned(who, file.name, bytes(file.content), now)
    if plan.digest != file.digest:
        raise Conflict(gettext_lazy("Prices have changed since this list was checked."))
    if not settings:
        text = gettext_lazy("Nothing in this list is new or changed.")
        refuse([Problem("nothing-to-do", text)])
    for one in settings:
        set_tariff(
            who=who,
            code=one.code,
            resource=one.resource,
            content=one.content,
            valid_from=one.start,
            valid_to=one.end,
            note=one.note,
            seen_version=one.seen,
            now=now,
        )
    file.status, file.applied_at = TariffFile.Status.APPLIED, now
    file.save(update_fields=["status", "applied_at"])
    record(
        who=who,
        action="booking.import-tariffs",
        subject=("tariff_file", file.pk),
        after={"file": file.name, "digest": file.digest, "counts": dict(plan.counts)},
        now=now,
    )
    return file


@transaction.atomic
def forget_old_lists(*, now: datetime) -> int:
    """Delete lists that were handed in long ago; what they changed stands in the journal."""
    return TariffFile.objects.filter(made_at__lt=now - KEPT).delete()[0]


def _planned(who: Actor, name: str, content: bytes, now: datetime) -> tuple[Plan, list[_Setting]]:
    if not who.has("operator"):
        raise NotAllowed
    rulebook = current_rulebook()
    drafts, remarks = Reader(rulebook).drafts(open_file(name, content, rulebook))
    planner = _Planner(who, list(rulebook.user_classes.ids), now)
    fates = [fate for draft in drafts for fate in planner.fates(draft)]
    fates.sort(key=lambda fate: (fate.sheet, fate.row))
    return Plan(tuple(fates), tuple(remarks)), planner.settings


class _Planner:
    """Compares what a list says with the prices of the actor's own facilities."""

    def __init__(self, who: Actor, classes: list[str], now: datetime) -> None:
        self.classes, self.now, self.today = classes, now, timezone.localdate(now)
        own = list(registry.own_facilities(who))
        self.facilities = {f.code.lower(): f for f in own}
        for facility in own:
            self.facilities.setdefault(facility.name.lower(), facility)
        self.only = own[0] if len(own) == 1 else None
        self.resources: dict[int, dict[str, list[Any]]] = {}
        for one in registry.own_resources(who=who):
            names = self.resources.setdefault(one.facility_id, {})
            names.setdefault(one.name.lower(), []).append(one)
        self.seen: dict[tuple[int, int | None], Draft] = {}
        self.newest = newest_tariffs([f.pk for f in own])
        self.settings: list[_Setting] = []

    def fates(self, draft: Draft) -> list[Fate]:
        facility = self._facility(draft)
        resource = self._resource(draft, facility)
        if any(row.problems for row in draft.rows):
            return self._refused(draft)
        if self.seen.setdefault((facility.pk, resource), draft) is not draft:
            text = _("Rows above set the same prices: name the facility and the resource alike.")
            draft.rows[0].wrong("resource", text)
            return self._refused(draft)
        latest = self.newest.get((facility.pk, resource))
        return self._compared(draft, facility, resource, latest)

    def _facility(self, draft: Draft) -> Any:
        found = self._named(draft)
        if found is None:
            text = (
                _("None of your facilities is called so: give its number or its name.")
                if draft.facility
                else _("Say which of your facilities it is.")
            )
            draft.rows[0].wrong("facility", text)
        return found

    def _resource(self, draft: Draft, facility: Any) -> int | None:
        if facility is None or not (draft.resource or draft.code):
            return None
        names = self.resources.get(facility.pk, {})
        every = [one for called in names.values() for one in called]
        found = names.get(draft.resource.lower(), []) if draft.resource else every
        chosen = [one for one in found if draft.code.upper() in ("", one.code)]
        if len(chosen) != 1:
            draft.rows[0].wrong(
                "code" if found and draft.code else "resource", _no_one(found, draft)
            )
        return chosen[0].pk if len(chosen) == 1 else None

    def _compared(
        self, draft: Draft, facility: Any, resource: int | None, latest: Tariff | None
    ) -> list[Fate]:
        old = latest.content["entries"] if latest else []
        ids = {place_of(entry): entry["id"] for entry in old}
        content = content_of(draft, ids, self.classes)
        start, end, moved = self._days(draft, latest)
        note = str(draft.first("note") or "")
        fresh = start if start is not None else self.today
        problems = problems_of_setting(content, fresh, end, note, self.now)
        known = [p for p in problems if not (p.code == "past" and self._is_same(content, latest))]
        for problem in known:
            _blame(draft, problem)
        if known:
            return self._refused(draft)
        if self._is_same(content, latest) and not moved:
            return [self._fate(row, draft, facility, SAME) for row in draft.rows]
        seen = latest.version if latest else 0
        where = (facility.code, resource)
        self.settings.append(_Setting(*where, content, fresh, end, note, seen))
        return self._told(draft, facility, content, latest, fresh)

    def _days(self, draft: Draft, latest: Tariff | None) -> tuple[date | None, date | None, bool]:
        """From and until when, and whether that alone is something new. A day that stands there
        from the version of before is no wish: what changes holds from today on."""
        start, end = draft.first("valid_from"), draft.first("valid_to")
        if latest is not None and start == latest.valid_from and start < self.today:
            start = None
        if latest is None:
            return start, end, True
        moved = (start is not None and start != latest.valid_from) or end != latest.valid_to
        return start, end, moved

    def _is_same(self, content: Mapping[str, Any], latest: Tariff | None) -> bool:
        if latest is None:
            return False
        _tariff, unread = contents.half_read(content, id="0")
        return not unread and contents.written(content) == latest.content

    def _told(
        self,
        draft: Draft,
        facility: Any,
        content: Mapping[str, Any],
        latest: Tariff | None,
        start: date,
    ) -> list[Fate]:
        """A fate for each row: new, the same, or what of its entry changes; terms stand at the
        first row."""
        now = contents.written(content)
        before = {e["id"]: e for e in latest.content["entries"]} if latest else {}
        fates = []
        for row, entry in zip(draft.rows, now["entries"], strict=True):
            old = before.pop(entry["id"], None)
            fate = self._fate(row, draft, facility, NEW if old is None else SAME)
            if old is not None and old != entry:
                fate.fate, fate.changes = CHANGED, _changes(old, entry)
            fates.append(fate)
        first = fates[0]
        first.notes.append(_("Holds from %(day)s.") % {"day": start.isoformat()})
        if latest is not None:
            first.changes += _changes(_terms(latest.content), _terms(now))
            if first.fate == SAME:
                first.fate = CHANGED
            gone = [entry["title"] for entry in before.values()]
            if gone:
                first.notes.append(_("No longer charged: %(what)s.") % {"what": "、".join(gone)})
        return fates

    def _named(self, draft: Draft) -> Any:
        """The facility that the list names, or the only one there is; None where it has none."""
        return self.facilities.get(draft.facility.lower()) if draft.facility else self.only

    def _refused(self, draft: Draft) -> list[Fate]:
        found, facility = [], self._named(draft)
        for row in draft.rows:
            fate = self._fate(row, draft, facility, REFUSED)
            if not row.problems:
                fate.notes.append(_("Another row of the same tariff cannot be taken."))
            found.append(fate)
        return found

    def _fate(self, row: Row, draft: Draft, facility: Any, fate: str) -> Fate:
        place = facility.name if facility is not None else draft.facility
        parts = (place, draft.resource, draft.code, str(row.values.get("title") or ""))
        title = " · ".join(part for part in parts if part)
        return Fate(row.sheet, row.number, "tariffs", title, fate, problems=list(row.problems))


def _no_one(found: list[Any], draft: Draft) -> str:
    """Why a name and a code lead to no single resource."""
    if not found:
        return _("This facility has no such resource.")
    if draft.code and not draft.resource:
        return _("This facility has no resource of this code.")
    codes = "、".join(one.code for one in found)
    if draft.code:
        return _("The resource called so has another code: %(codes)s.") % {"codes": codes}
    text = _("Several resources of this facility are called so: give the code as well, %(codes)s.")
    return text % {"codes": codes}


def _blame(draft: Draft, problem: Problem) -> None:
    """Put a problem of the tariff at the row and the cell that it is about."""
    name, _dot, rest = problem.field.partition(".")
    row, key = draft.rows[0], problem.field
    if name == "entries" and rest.split(".")[0].isdecimal():
        at, _dot, rest = rest.partition(".")
        row = draft.rows[int(at)]
        key, _dot, more = rest.partition(".")
        key = f"price_{more}" if key == "prices" else key
    elif name == "factors":
        key = f"factor_{rest}"
    elif name == "hours":
        key = "day_hours"
    row.wrong(key, str(problem.text))


def _terms(content: Mapping[str, Any]) -> dict[str, Any]:
    terms = {name: content.get(name) for name in TERMS}
    return terms | {f"factor_{name}": f for name, f in (content.get("factors") or {}).items()}


def _changes(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    names: Iterable[str] = dict.fromkeys([*old, *new])
    pairs = ((name, _plain(old.get(name)), _plain(new.get(name))) for name in names)
    return [(name, before, after) for name, before, after in pairs if before != after]


def _plain(value: Any) -> str:
    if isinstance(value, dict):
        return "、".join(f"{name}: {one}" for name, one in value.items())
    if isinstance(value, list):
        return "、".join(_plain(one) for one in value)
    return "" if value in (None, "") else str(value)
