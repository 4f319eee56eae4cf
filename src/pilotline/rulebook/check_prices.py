"""What the schemas of user classes, pricing policy and price groups cannot see."""

from collections.abc import Iterator

from pilotline.rulebook.check_entries import Sound
from pilotline.rulebook.draft import DraftEntry
from pilotline.rulebook.reading import Fault

CONDITIONS = ("kinds", "inside_region", "own")


def price_faults(found: Sound) -> Iterator[Fault]:
    """Classes nobody reaches or that leave somebody out, limits that contradict each other."""
    yield from _classes(found)
    for entry in found.of("pricing"):
        yield from _policy(entry)
    for entry in found.of("price_groups"):
        yield from _group(entry, found)


def _classes(found: Sound) -> Iterator[Fault]:
    entries = found.of("user_classes")
    for number, entry in enumerate(entries):
        for at, kind in enumerate(entry.data.get("kinds", ())):
            if not found.knows("organisation_kinds", kind):
                zh = f"机构类型里没有“{kind}”。"
                yield entry.fault(("kinds", at), zh, f"There is no kind of organisation “{kind}”.")
        is_open = not any(name in entry.data for name in CONDITIONS)
        if is_open and number < len(entries) - 1:
            zh = f"“{entry.id}”没有条件，排在后面的类别永远用不到。"
            en = f"“{entry.id}” has no condition: no class after it is ever reached."
            yield entry.fault((), zh, en)
        elif not is_open and number == len(entries) - 1:
            zh = "最后一类不应有条件，否则有的用户无类可归。"
            en = "The last class must have no condition, or some users belong nowhere."
            yield entry.fault((), zh, en)


def _policy(entry: DraftEntry) -> Iterator[Fault]:
    data = entry.data
    if data["quotation_days"] > data["quotation_days_most"]:
        zh = "报价单有效天数大于最长天数。"
        yield entry.fault(
            ("quotation_days",), zh, "A quotation is valid longer than the longest time allowed."
        )
    if 0 < data["total_step"] < data["line_step"]:
        zh = "合计的取整单位小于明细的取整单位。"
        yield entry.fault(
            ("total_step",), zh, "The total is rounded more finely than the lines it adds up."
        )


def _group(entry: DraftEntry, found: Sound) -> Iterator[Fault]:
    data = entry.data
    for at, kind in enumerate(data["kinds"]):
        if not found.knows("resource_kinds", kind):
            zh = f"资源类型里没有“{kind}”。"
            yield entry.fault(("kinds", at), zh, f"There is no kind of resource “{kind}”.")
    if not data.get("processes") and not data.get("words"):
        zh = "要写工艺或名称用字，否则没有资源属于这一组。"
        yield entry.fault(
            (), zh, "Give processes or words of names, or no resource belongs to this group."
        )
