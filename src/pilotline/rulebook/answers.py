"""One answer against the limits of its question: what is wrong with it, in both languages."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Self

from pilotline.rulebook.model import Text

PHONE = re.compile(r"\+?[0-9][0-9 -]{5,18}[0-9]")
EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s.]+(\.[^@\s.]+)+")
# Every control character but tab, line feed and carriage return.
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
LONGEST_LINE = 200
LONGEST_TEXT = 20_000
MOST_DIGITS = 15


@dataclass(frozen=True, slots=True)
class Missing:
    """One thing to mend: the field, a fixed code for machines, a sentence for people."""

    field: str
    code: str
    text: Text


@dataclass(frozen=True, slots=True)
class Limits:
    """What an answer must keep within. Days are ISO dates or the word `today`."""

    min_length: int = 0
    max_length: int | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    not_before: str | None = None
    not_after: str | None = None
    max_count: int | None = None

    @classmethod
    def read(cls, raw: Mapping[str, Any]) -> Self:
        return cls(
            min_length=raw.get("min_length", 0),
            max_length=raw.get("max_length"),
            low=Decimal(str(raw["low"])) if "low" in raw else None,
            high=Decimal(str(raw["high"])) if "high" in raw else None,
            not_before=raw.get("not_before"),
            not_after=raw.get("not_after"),
            max_count=raw.get("max_count"),
        )


def is_answered(given: Any) -> bool:
    """False for None, blank text and empty lists; False and 0 are answers."""
    if isinstance(given, str):
        return bool(given.strip())
    return given is not None and given != []


# A fault is a code and the tail of a sentence that begins with the field's title.
Fault = tuple[str, str, str]


def wrong(
    field_id: str,
    title: Text,
    kind: str,
    given: Any,
    limits: Limits,
    allowed: Sequence[str],
    today: date,
) -> list[Missing]:
    """Everything wrong with one given answer; empty when it may stand."""
    faults = CHECKS[kind](given, limits, allowed, today)
    return [
        Missing(field_id, code, Text(f"“{title.zh}”{zh}", f"“{title.en}” {en}"))
        for code, zh, en in faults
    ]


Check = Callable[[Any, Limits, Sequence[str], date], list[Fault]]


def _text(given: Any, limits: Limits, _allowed: Sequence[str], _today: date) -> list[Fault]:
    return _written(given, limits, LONGEST_LINE)


def _long_text(given: Any, limits: Limits, _allowed: Sequence[str], _today: date) -> list[Fault]:
    return _written(given, limits, LONGEST_TEXT)


def _written(given: Any, limits: Limits, longest: int) -> list[Fault]:
    if not isinstance(given, str):
        return [("not-a-text", "应为文字。", "must be text.")]
    faults: list[Fault] = []
    count, most = len(given.strip()), limits.max_length or longest
    if CONTROL.search(given):
        faults.append(
            ("bad-characters", "含有无法显示的字符。", "contains characters that cannot be shown.")
        )
    if count > most:
        faults.append(
            (
                "too-long",
                f"最多 {most} 字，现有 {count} 字。",
                f"may have {most} characters at most and has {count}.",
            )
        )
    if count < limits.min_length:
        faults.append(
            (
                "too-short",
                f"至少 {limits.min_length} 字，现有 {count} 字。",
                f"needs at least {limits.min_length} characters and has {count}.",
            )
        )
    return faults


def _phone(given: Any, _limits: Limits, _allowed: Sequence[str], _today: date) -> list[Fault]:
    if isinstance(given, str) and PHONE.fullmatch(given.strip()):
        return []
    return [("bad-phone", "应为电话号码，例如 0531-86000000。", "must be a telephone number.")]


def _email(given: Any, _limits: Limits, _allowed: Sequence[str], _today: date) -> list[Fault]:
    if isinstance(given, str) and len(given) <= 254 and EMAIL.fullmatch(given.strip()):
        return []
    return [("bad-email", "应为邮箱地址。", "must be an e-mail address.")]


def _choice(given: Any, _limits: Limits, allowed: Sequence[str], _today: date) -> list[Fault]:
    if isinstance(given, str) and given in allowed:
        return []
    return [("not-a-choice", "请从列表中选择。", "must be chosen from the list.")]


def _choices(given: Any, limits: Limits, allowed: Sequence[str], _today: date) -> list[Fault]:
    if not isinstance(given, list) or any(
        not isinstance(one, str) or one not in allowed for one in given
    ):
        return [("not-a-choice", "请从列表中选择。", "must be chosen from the list.")]
    return _counted(given, limits)


def _files(given: Any, limits: Limits, _allowed: Sequence[str], _today: date) -> list[Fault]:
    if not isinstance(given, list):
        return [("not-a-list", "应为附件列表。", "must be a list of files.")]
    return _counted(given, limits)


def _counted(given: Sequence[Any], limits: Limits) -> list[Fault]:
    most = limits.max_count
    if most is None or len(given) <= most:
        return []
    return [("too-many", f"最多 {most} 项。", f"may have {most} entries at most.")]


def _number(given: Any, limits: Limits, _allowed: Sequence[str], _today: date) -> list[Fault]:
    value = as_number(given)
    if value is None:
        return [("not-a-number", "应为数字。", "must be a number.")]
    if limits.low is not None and value < limits.low:
        low = f"{limits.low:f}"
        return [("too-small", f"不能小于 {low}。", f"may not be below {low}.")]
    if limits.high is not None and value > limits.high:
        high = f"{limits.high:f}"
        return [("too-large", f"不能大于 {high}。", f"may not be above {high}.")]
    return []


def _money(given: Any, limits: Limits, allowed: Sequence[str], today: date) -> list[Fault]:
    value = as_number(given)
    if value is not None and value < 0:
        return [("negative", "不能为负数。", "may not be negative.")]
    if value is not None and value != round(value, 2):
        return [("too-fine", "最多两位小数。", "may have two decimals at most.")]
    return _number(given, limits, allowed, today)


def as_number(given: Any) -> Decimal | None:
    """The finite number that was given, as digits or a JSON number; None when it is not one."""
    if isinstance(given, bool) or not isinstance(given, (int, float, str, Decimal)):
        return None
    try:
        value = Decimal(str(given).strip())
    except InvalidOperation:
        return None
    # `adjusted` is asked, not `abs`: an exponent of a billion would overflow.
    too_long = value.is_finite() and value.adjusted() >= MOST_DIGITS
    return None if not value.is_finite() or too_long or len(str(given)) > 40 else value


def _date(given: Any, limits: Limits, _allowed: Sequence[str], today: date) -> list[Fault]:
    try:
        day = date.fromisoformat(given)
    except (TypeError, ValueError):
        return [("not-a-date", "应为日期，例如 2027-03-01。", "must be a day such as 2027-03-01.")]
    earliest, latest = _day(limits.not_before, today), _day(limits.not_after, today)
    if earliest and day < earliest:
        if earliest == today:
            return [("past-date", "不能早于今天。", "may not lie in the past.")]
        return [("too-early", f"不能早于 {earliest}。", f"may not be before {earliest}.")]
    if latest and day > latest:
        return [("too-late", f"不能晚于 {latest}。", f"may not be after {latest}.")]
    return []


def _day(word: str | None, today: date) -> date | None:
    if word is None:
        return None
    return today if word == "today" else date.fromisoformat(word)


def _flag(given: Any, _limits: Limits, _allowed: Sequence[str], _today: date) -> list[Fault]:
    if isinstance(given, bool):
        return []
    return [("not-a-flag", "应为是或否。", "must be yes or no.")]


CHECKS: dict[str, Check] = {
    "text": _text,
    "long_text": _long_text,
    "phone": _phone,
    "email": _email,
    "choice": _choice,
    "choices": _choices,
    "number": _number,
    "money": _money,
    "date": _date,
    "flag": _flag,
    "files": _files,
}
