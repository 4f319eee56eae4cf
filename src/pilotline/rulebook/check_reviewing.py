"""What the schemas of rubrics, conflicts and review rules cannot see, and their examples."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from pilotline.rulebook.book import Rulebook
from pilotline.rulebook.check_entries import Sound
from pilotline.rulebook.draft import DraftEntry
from pilotline.rulebook.reading import Fault
from pilotline.rulebook.reviewing import NAMED, TIMED, years_before

Outcome = tuple[bool, str, str]


def reviewing_faults(found: Sound) -> Iterator[Fault]:
    """Faults of all three kinds."""
    for entry in found.of("rubrics"):
        yield from _rubric(entry)
    yield from _conflicts(found.of("conflicts"))
    for entry in found.of("review_rules"):
        yield from _review_rule(entry)


def _rubric(entry: DraftEntry) -> Iterator[Fault]:
    total = sum((Decimal(str(c["weight"])) for c in entry.data["criteria"]), Decimal(0))
    if total != 100:
        zh, en = f"权重合计为 {total}，应为 100。", f"The weights add to {total}, not to 100."
        yield entry.fault(("criteria",), zh, en)
    seen: set[str] = set()
    for at, criterion in enumerate(entry.data["criteria"]):
        name, full = criterion["id"], Decimal(str(criterion["full"]))
        if name in seen:
            zh, en = f"指标“{name}”写了两次。", f"The criterion “{name}” is there twice."
            yield entry.fault(("criteria", at), zh, en)
        seen.add(name)
        if full % Decimal(str(criterion.get("step", 1))):
            zh, en = "满分应是打分间隔的整数倍。", "Full marks must be a whole number of steps."
            yield entry.fault(("criteria", at), zh, en)
    comments = entry.data["comments"]
    if comments["below"] > comments["above"]:
        zh, en = "“below”不应大于“above”。", "“below” must not be more than “above”."
        yield entry.fault(("comments",), zh, en)
    if 0 < entry.data["trim"] < 3:
        zh = "至少 3 份评分才能去掉最高分和最低分；不去掉时写 0。"
        en = "Leaving out the highest and lowest takes 3 sheets or more; write 0 for never."
        yield entry.fault(("trim",), zh, en)


def _conflicts(entries: list[DraftEntry]) -> Iterator[Fault]:
    first: dict[str, str] = {}
    for entry in entries:
        measure = entry.data["measure"]
        if first.setdefault(measure, entry.id) != entry.id:
            zh = f"“{measure}”已由“{first[measure]}”规定。"
            yield entry.fault(("measure",), zh, f"“{measure}” is ruled by “{first[measure]}”.")
        if (measure in TIMED) != ("years" in entry.data):
            zh = (
                "须写明回溯年数（years）。"
                if measure in TIMED
                else "这一种不分年限，请去掉 years。"
            )
            en = "Say for how many years." if measure in TIMED else "This kind has no years."
            yield entry.fault(("years",), zh, en)
        if entry.data.get("namesakes") and measure not in NAMED:
            zh = "这一种不凭姓名认定，不写 namesakes。"
            yield entry.fault(("namesakes",), zh, "No name decides this kind: leave it out.")
        if (measure == "shareholding") != ("share" in entry.data):
            zh = "持股须写明比例（share），其他种类不写。"
            yield entry.fault(("share",), zh, "A share belongs to a shareholding, and only to it.")


def _review_rule(entry: DraftEntry) -> Iterator[Fault]:
    data = entry.data
    if data["remind_days"] >= data["mark_days"]:
        zh = "提醒应在评审期限之内：remind_days 须小于 mark_days。"
        yield entry.fault(("remind_days",), zh, "“remind_days” must be less than “mark_days”.")
    if data["word_weight"] + data["field_weight"] <= 0:
        zh, en = "词语与领域的权重不能都为 0。", "Words and fields cannot both weigh nothing."
        yield entry.fault(("word_weight",), zh, en)


def judge_rubric(entry: DraftEntry, example: dict[str, Any], book: Rulebook) -> Outcome:
    """May a sheet of these marks and comments be handed in?"""
    found = book.rubrics[entry.id].faults(example["marks"], example.get("comments", {}))
    told = ", ".join(f"{criterion}: {fault}" for criterion, fault in found)
    return not found, told or "可提交", told or "it may be handed in"


def judge_conflict(entry: DraftEntry, example: dict[str, Any], book: Rulebook) -> Outcome:
    """Does something that ended so many years ago (none: still lasts) stand in the way?"""
    today = entry.data["valid_from"]
    day = date.fromisoformat(today)
    ago = example.get("years_ago")
    share = example.get("share")
    stands = book.conflicts[entry.id].counts(
        ended=None if ago is None else years_before(day, ago),
        today=day,
        share=None if share is None else Decimal(str(share)),
    )
    return (
        (not stands, "须回避", "it is a conflict") if stands else (True, "不须回避", "it is none")
    )
