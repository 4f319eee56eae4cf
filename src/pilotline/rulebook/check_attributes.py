"""The vocabulary of capabilities: kinds, fits and units that go together, names that are clear."""

from collections.abc import Iterator

from pilotline.kernel import units
from pilotline.rulebook import words
from pilotline.rulebook.attribute import plain
from pilotline.rulebook.draft import DraftEntry
from pilotline.rulebook.reading import Fault

FOR_NUMBERS = ("unit", "symbol", "units", "low", "high")


def attribute_faults(entries: list[DraftEntry]) -> Iterator[Fault]:
    """Faults of attributes whose shape is right."""
    for entry in entries:
        yield from _kind(entry)
        yield from _examples(entry)
        if entry.data["kind"] == "range":
            yield from _range(entry)
        else:
            yield from _values(entry)
    yield from _fixed(entries)
    yield from _names([e for e in entries if e.data["kind"] == "range"])


def _fixed(entries: list[DraftEntry]) -> Iterator[Fault]:
    sets = {entry.id: entry for entry in entries if entry.data["kind"] == "set"}
    for fixed in words.FIXED_ATTRIBUTES:
        if entries and fixed not in sets:
            zh = f"词表里必须有集合“{fixed}”。"
            yield entries[0].fault((), zh, f"The vocabulary needs a set called “{fixed}”.")


def _kind(entry: DraftEntry) -> Iterator[Fault]:
    kind, fit = entry.data["kind"], entry.data["fit"]
    if fit not in words.FITS[kind]:
        known = ", ".join(words.FITS[kind])
        zh = f"“{kind}”不能用“{fit}”，只能用：{known}。"
        yield entry.fault(("fit",), zh, f"A {kind} cannot use “{fit}”, only: {known}.")
    if kind == "range":
        unwanted = [key for key in ("values", "values_from") if key in entry.data]
    else:
        unwanted = [key for key in FOR_NUMBERS if key in entry.data]
    if kind == "flag":
        unwanted += [key for key in ("values", "values_from") if key in entry.data]
    for key in unwanted:
        yield entry.fault((key,), f"“{kind}”不需要“{key}”。", f"A {kind} has no “{key}”.")


def _range(entry: DraftEntry) -> Iterator[Fault]:
    unit = entry.data.get("unit")
    if unit is None:
        yield entry.fault((), "数值范围要写单位（unit）。", "A range needs a unit.")
        return
    if not _is_unit(unit):
        yield entry.fault(("unit",), f"没有单位“{unit}”。", f"There is no unit “{unit}”.")
        return
    for at, other in enumerate(entry.data.get("units", [])):
        if not _is_unit(other) or units.scale(other, unit) is None:
            zh = f"“{other}”不能换算成“{unit}”。"
            yield entry.fault(("units", at), zh, f"“{other}” cannot become “{unit}”.")
    low, high = entry.data.get("low"), entry.data.get("high")
    if low is not None and high is not None and low >= high:
        yield entry.fault(("low",), "“low”应小于“high”。", "“low” must be less than “high”.")


def _is_unit(name: str) -> bool:
    try:
        units.registry().parse_units(name)
    except Exception:  # pint raises a dozen kinds, all meaning: no such unit
        return False
    return True


def _values(entry: DraftEntry) -> Iterator[Fault]:
    if entry.data["kind"] == "flag":
        return
    listed = entry.data.get("values")
    if (listed is None) == ("values_from" not in entry.data):
        zh = "“values”与“values_from”要写且只写一个。"
        yield entry.fault((), zh, "Give either “values” or “values_from”.")
    ids: set[str] = set()
    owner: dict[str, str] = {}
    for at, value in enumerate(listed or []):
        if value["id"] in ids:
            zh, en = f"值“{value['id']}”写了两次。", f"The value “{value['id']}” is there twice."
            yield entry.fault(("values", at), zh, en)
        ids.add(value["id"])
        for name in (*value["title"].values(), *value.get("synonyms", [])):
            first = owner.setdefault(plain(name), value["id"])
            if first != value["id"]:
                zh = f"“{name}”已经指“{first}”，一个说法只能指一个值。"
                en = f"“{name}” means “{first}” already; one name must mean one value."
                yield entry.fault(("values", at), zh, en)


def _examples(entry: DraftEntry) -> Iterator[Fault]:
    given = entry.data["examples"]
    ranged = entry.data["kind"] == "range"
    for at, example in enumerate(given):
        wrong = ["values"] if ranged else ["low", "high"]
        for key in wrong:
            if key in example:
                zh, en = f"这里的例子不需要“{key}”。", f"An example here has no “{key}”."
                yield entry.fault(("examples", at, key), zh, en)


def _names(ranges: list[DraftEntry]) -> Iterator[Fault]:
    # A number is read for the attribute named before it, so the name must point to one of them.
    owner: dict[str, str] = {}
    for entry in ranges:
        for name in (*entry.data["title"].values(), *entry.data.get("synonyms", [])):
            first = owner.setdefault(plain(name), entry.id)
            if first != entry.id:
                zh = f"“{name}”已经指“{first}”，一个说法只能指一项。"
                en = f"“{name}” means “{first}” already; one name must mean one attribute."
                yield entry.fault(("synonyms",), zh, en)
