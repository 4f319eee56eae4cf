"""Every rule proves itself: what its examples say must come out when the rule is applied."""

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from pilotline.engines.pricing.rounding import rounded
from pilotline.kernel.errors import Unreadable
from pilotline.kernel.quantity import read_range
from pilotline.rulebook.attribute import Attribute
from pilotline.rulebook.book import Rulebook
from pilotline.rulebook.check_reviewing import judge_conflict, judge_rubric
from pilotline.rulebook.draft import Draft, DraftEntry
from pilotline.rulebook.model import Upload
from pilotline.rulebook.prices import UserFacts, class_of
from pilotline.rulebook.reading import Fault
from pilotline.rulebook.vouchers import Payer

NEARLY = 1e-6
# What an example got: passed or not, and words for what came out.
Outcome = tuple[bool, str, str]


def example_faults(draft: Draft, book: Rulebook) -> Iterator[Fault]:
    """Faults of examples in a draft that is otherwise sound."""
    for kind, judge in JUDGES.items():
        for entry in draft.entries(kind):
            yield from _prove(entry, judge, book)


Judge = Callable[[DraftEntry, dict[str, Any], Rulebook], Outcome]


def _prove(entry: DraftEntry, judge: Judge, book: Rulebook) -> Iterator[Fault]:
    examples: list[dict[str, Any]] = entry.data["examples"]
    if {example["ok"] for example in examples} != {True, False}:
        zh = "要有至少一个应通过、一个应不通过的例子。"
        en = "Give at least one example that must pass and one that must fail."
        yield entry.fault(("examples",), zh, en)
    for at, example in enumerate(examples):
        passed, zh, en = judge(entry, example, book)
        if passed != example["ok"]:
            wanted_zh = "应通过" if example["ok"] else "应不通过"
            wanted_en = "pass" if example["ok"] else "fail"
            yield entry.fault(
                ("examples", at),
                f"“{entry.id}”的这个例子{wanted_zh}，结果是：{zh}。",
                f"This example of “{entry.id}” must {wanted_en}, but: {en}.",
            )


def _attribute(entry: DraftEntry, example: dict[str, Any], book: Rulebook) -> Outcome:
    attribute = book.attributes[entry.id]
    if attribute.kind == "range":
        return _range(attribute, example)
    if attribute.kind == "flag":
        named = attribute.is_named_in(example["text"])
        return named, "读到了" if named else "没有读到", "it is read" if named else "it is not read"
    found = list(attribute.values_in(example["text"]))
    read = ", ".join(found)
    if not found:
        return False, "没有读出任何值", "nothing is read"
    return found == example.get("values", found), f"读出 {read}", f"it reads {read}"


def _range(attribute: Attribute, example: dict[str, Any]) -> Outcome:
    try:
        found = read_range(example["text"], unit=attribute.unit)
    except Unreadable as error:
        return False, str(error.data.get("zh", error)), str(error)
    low = None if found.low is None else float(found.low)
    high = None if found.high is None else float(found.high)
    if not attribute.is_believable(low, high):
        return False, "超出可信范围", "it is outside the believable range"
    ends = ((low, example.get("low")), (high, example.get("high")))
    right = all(want is None or (got is not None and _same(got, want)) for got, want in ends)
    return right, f"读出 {found.show('zh')}", f"it reads {found.show('en')}"


def _same(got: float, want: float) -> bool:
    return abs(got - want) <= NEARLY * max(1.0, abs(want))


def _form(entry: DraftEntry, example: dict[str, Any], book: Rulebook) -> Outcome:
    first = entry.data["examples"][0]
    answers = dict(first["answers"]) | example.get("change", {})
    today = date.fromisoformat(example.get("today", first["today"]))
    missing = sorted({m.field for m in book.forms[entry.id].missing(answers, today)})
    named = ", ".join(missing)
    if not missing:
        return True, "填写完整", "it is complete"
    if missing != sorted(example.get("missing", missing)):
        # Neither passes nor fails in the way it should: turn the answer round so that it shows.
        return not example["ok"], f"缺少 {named}", f"missing: {named}"
    return False, f"缺少 {named}", f"missing: {named}"


def _target(entry: DraftEntry, example: dict[str, Any], book: Rulebook) -> Outcome:
    met = book.targets[entry.id].is_met(example["value"])
    return met, "达到" if met else "未达到", "it is met" if met else "it is not met"


def _upload(entry: DraftEntry, example: dict[str, Any], book: Rulebook) -> Outcome:
    upload: Upload = book.uploads[entry.id]
    takes = upload.takes(example["name"], int(example["megabytes"] * 1_048_576))
    return takes, "可上传" if takes else "不可上传", "it is taken" if takes else "it is not taken"


def _matching(_entry: DraftEntry, example: dict[str, Any], book: Rulebook) -> Outcome:
    first = book.matching.score(example["first"])
    second = book.matching.score(example["second"])
    scores = f"{first:.3f} / {second:.3f}"
    return first > second, f"得分 {scores}", f"the scores are {scores}"


def _data_quality(_entry: DraftEntry, example: dict[str, Any], book: Rulebook) -> Outcome:
    score = book.data_quality.rate(example["found"]).score
    return score == example["score"], f"得分 {score}", f"the score is {score}"


def _booking(_entry: DraftEntry, example: dict[str, Any], book: Rulebook) -> Outcome:
    due = book.booking.cancellation_percent(example["hours"]) if book.booking else 0
    return due == example["percent"], f"取消费用 {due}%", f"the fee is {due} %"


def _voucher(entry: DraftEntry, example: dict[str, Any], book: Rulebook) -> Outcome:
    voucher, bill = book.vouchers[entry.id], Decimal(str(example["bill"]))
    payer = Payer(
        organisation_kind=example["organisation_kind"],
        inside=example.get("inside", True),
        own=example.get("own", False),
        order_kind=example.get("order_kind", ""),
        bill=bill,
    )
    failing = ", ".join(voucher.eligible.failing(payer))
    if failing:
        return False, f"不符合 {failing}", f"it fails {failing}"
    used = Decimal(str(example.get("used", 0)))
    amount = voucher.amount(bill, open=bill, used=used, spent=used)
    right = amount == Decimal(str(example.get("amount", amount)))
    return amount > 0 and right, f"抵扣 {amount} 元", f"it covers {amount} yuan"


def _user_class(entry: DraftEntry, example: dict[str, Any], book: Rulebook) -> Outcome:
    facts = UserFacts(example["kind"], example["region"], example.get("own", False))
    found = class_of(book.user_classes, facts, book.region.id)
    name = found.id if found else "?"
    return name == entry.id, f"归“{name}”", f"the class is “{name}”"


def _pricing(_entry: DraftEntry, example: dict[str, Any], book: Rulebook) -> Outcome:
    policy = book.pricing
    amount = Decimal(example["amount"])
    found = rounded(amount, policy.line_step, policy.rounding) if policy else amount
    return found == Decimal(example["rounded"]), f"得 {found}", f"it is rounded to {found}"


def _program(entry: DraftEntry, example: dict[str, Any], book: Rulebook) -> Outcome:
    program = book.programs[entry.id]
    short = [*program.unmet(example["facts"]), *program.unready(example["facts"])]
    if not short:
        return True, "满足全部条件", "every condition holds"
    zh, en = "；".join(r.says.zh for r in short), "; ".join(r.says.en for r in short)
    return False, f"不满足：{zh}", f"not met: {en}"


JUDGES: dict[str, Judge] = {
    "attributes": _attribute,
    "forms": _form,
    "targets": _target,
    "uploads": _upload,
    "matching": _matching,
    "data_quality": _data_quality,
    "booking": _booking,
    "programs": _program,
    "vouchers": _voucher,
    "user_classes": _user_class,
    "pricing": _pricing,
    "rubrics": judge_rubric,
    "conflicts": judge_conflict,
}
