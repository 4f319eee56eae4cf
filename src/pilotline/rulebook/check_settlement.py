"""What the schemas of orders, vouchers and shares cannot see."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from pilotline.rulebook.check_entries import Sound
from pilotline.rulebook.draft import DraftEntry
from pilotline.rulebook.reading import Fault


def settlement_faults(found: Sound) -> Iterator[Fault]:
    """Clauses that no order can choose well, shares that do not add up, kinds not known."""
    for group in found.of("order_groups"):
        yield from _known(group, ("mandatory_for",), "order_kinds", found)
    for clause in found.of("order_clauses"):
        yield from _clause(clause, found)
    for group in found.of("order_groups"):
        yield from _choices(group, found)
    yield from _shares(found.of("share_kinds"))
    for voucher in found.of("vouchers"):
        yield from _known(voucher, ("eligible", "organisation_kinds"), "organisation_kinds", found)
        yield from _known(voucher, ("eligible", "order_kinds"), "order_kinds", found)


def _known(entry: DraftEntry, path: tuple[str, ...], kind: str, found: Sound) -> Iterator[Fault]:
    listed: Any = entry.data
    for key in path:
        listed = listed.get(key, {})
    for at, name in enumerate(listed):
        if not found.knows(kind, name):
            zh, en = f"没有“{name}”这一类。", f"There is no kind “{name}”."
            yield entry.fault((*path, at), zh, en)


def _clause(clause: DraftEntry, found: Sound) -> Iterator[Fault]:
    group = clause.data["group"]
    if not found.knows("order_groups", group):
        zh, en = f"没有条款类别“{group}”。", f"There is no group “{group}”."
        yield clause.fault(("group",), zh, en)
    yield from _known(clause, ("order_kinds",), "order_kinds", found)
    for at, kind in enumerate(clause.data.get("default_for", ())):
        if kind not in clause.data["order_kinds"]:
            zh = f"不能用于“{kind}”，也就不能作为它的默认条款。"
            en = f"It does not fit “{kind}”, so it cannot be what such an order begins with."
            yield clause.fault(("default_for", at), zh, en)


def _choices(group: DraftEntry, found: Sound) -> Iterator[Fault]:
    """One default at most for each kind of order, and one that is there where one must be."""
    mine = [c for c in found.of("order_clauses") if c.data["group"] == group.id]
    first: dict[str, str] = {}
    for clause in mine:
        for at, kind in enumerate(clause.data.get("default_for", ())):
            if first.setdefault(kind, clause.id) != clause.id:
                zh = f"“{kind}”已默认选用“{first[kind]}”。"
                en = f"“{kind}” begins with “{first[kind]}” already."
                yield clause.fault(("default_for", at), zh, en)
    for at, kind in enumerate(group.data.get("mandatory_for", ())):
        if kind not in first and found.knows("order_kinds", kind):
            zh = f"“{kind}”必须选用本类条款，却没有默认条款。"
            en = f"“{kind}” must choose a clause of this group, but begins with none."
            yield group.fault(("mandatory_for", at), zh, en)


def _shares(kinds: list[DraftEntry]) -> Iterator[Fault]:
    total = sum((Decimal(str(kind.data["percent"])) for kind in kinds), Decimal(0))
    if kinds and total != 100:
        zh, en = f"默认比例合计为 {total}，应为 100。", f"They add to {total} and not to 100."
        yield kinds[0].fault(("percent",), zh, en)
    for kind in kinds:
        if not kind.data["least"] <= kind.data["percent"] <= kind.data["most"]:
            zh = "应为：最低比例 ≤ 默认比例 ≤ 最高比例。"
            yield kind.fault(("percent",), zh, "It must be: least ≤ percent ≤ most.")
