"""Quantities with units, as people write them: `-20~150℃`, `≥500L`, `0.5～2吨/天`, `常温`.

Figures are kept as given: gauge and absolute pressure, normal and actual cubic metres are not
converted into each other, because texts rarely say which they mean.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from pilotline.kernel import units
from pilotline.kernel.errors import Unreadable
from pilotline.kernel.numerals import MULTIPLE, MULTIPLES, NUMBER, number, plain, tidy

_REASONS = {
    "empty": ("没有写数值。", "There is no value."),
    "words": ("无法识别为数值范围。", "This cannot be read as a value or a range."),
    "several": ("写了多个数值，请分开填写。", "There are several values: give them one by one."),
    "no-unit": ("缺少单位。", "The unit is missing."),
    "dimension": ("单位与此项不符。", "The unit does not fit this attribute."),
    "reversed": ("范围的下限大于上限。", "The lower end is above the upper end."),
    "impossible": ("数值不可能存在。", "Such a value cannot exist."),
}

_ROOM = (Decimal(10), Decimal(30))  # 常温 in the Chinese Pharmacopoeia's general notices
_WARM_END = Decimal(25)
_COLDEST = {"degC": Decimal("-273.15"), "degF": Decimal("-459.67"), "K": Decimal(0)}


def _unreadable(reason: str, given: str, **data: str) -> Unreadable:
    zh, en = _REASONS[reason]
    return Unreadable(en, reason=reason, zh=zh, en=en, given=given, **data)


@dataclass(frozen=True, slots=True)
class Range:
    """From `low` to `high` in `unit`, both ends included; None is an open side.

    Capabilities are measured with their ends ("up to 150 ℃" works at 150 ℃), so this range is
    closed, unlike periods of time; a strict bound (`>500L`) is read as its end. A single value
    has low = high. `about` marks an approximate value, `count` says how many such pieces there
    are (`500L×2`). Raises `Unreadable` when low is above high or both sides are open.
    """

    low: Decimal | None
    high: Decimal | None
    unit: str = ""
    about: bool = False
    count: int = 1

    def __post_init__(self) -> None:
        if self.low is None and self.high is None:
            raise _unreadable("empty", "")
        if self.low is not None and self.high is not None and self.low > self.high:
            raise _unreadable("reversed", f"{self.low}~{self.high} {self.unit}")

    @property
    def is_point(self) -> bool:
        return self.low is not None and self.low == self.high

    def to(self, unit: str) -> "Range":
        """The same range in another unit; `Unreadable` (dimension) when there is no way."""
        if unit == self.unit:
            return self
        scale = units.scale(self.unit, unit)
        if scale is None:
            raise _unreadable("dimension", self.show("en"), unit=unit)
        factor, offset = scale
        low, high = (
            None if v is None else _moved(v, factor, offset) for v in (self.low, self.high)
        )
        return replace(self, low=low, high=high, unit=unit)

    def contains(self, other: "Range | Decimal") -> bool:
        """True when every value of `other` lies inside; a bare number is in this unit."""
        inner = other.to(self.unit) if isinstance(other, Range) else Range(other, other, self.unit)
        above = self.low is None or (inner.low is not None and inner.low >= self.low)
        return above and (self.high is None or (inner.high is not None and inner.high <= self.high))

    def overlap(self, other: "Range") -> "Range | None":
        """What both share, in this range's unit; None when they do not touch."""
        them = other.to(self.unit)
        lows = [v for v in (self.low, them.low) if v is not None]
        highs = [v for v in (self.high, them.high) if v is not None]
        low, high = max(lows, default=None), min(highs, default=None)
        if low is not None and high is not None and low > high:
            return None
        return replace(self, low=low, high=high, count=1)

    def show(self, lang: str = "zh") -> str:
        """`-20～150 ℃`, `≥ 500 L`; in English `-20 to 150 °C`."""
        low, high = _plainly(self.low), _plainly(self.high)
        if self.low is None:
            text = f"≤ {high}"
        elif self.high is None:
            text = f"≥ {low}"
        elif self.is_point:
            text = low
        else:
            text = f"{low}～{high}" if lang.startswith("zh") else f"{low} to {high}"
        if self.about:
            text = f"约 {text}" if lang.startswith("zh") else f"about {text}"
        shown = units.show(self.unit, lang)
        if shown == "pH":
            text = f"pH {text}"
        elif shown:
            text += shown if shown == "%" else f" {shown}"
        return f"{text} × {self.count}" if self.count > 1 else text


def _moved(value: Decimal, factor: Decimal, offset: Decimal) -> Decimal:
    """value x factor + offset to 12 significant digits of its largest part, without exponent.

    Factors such as 5/9 are endless: 32 ℉ must be 0 ℃ and not 1.4E-24.
    """
    scaled = value * factor
    size = max(scaled, offset, key=abs)
    return tidy(round(scaled + offset, 11 - size.adjusted()) if size else scaled)


def _plainly(value: Decimal | None) -> str:
    """At most seven significant digits, integers whole."""
    if value is None:
        return ""
    return f"{tidy(round(value, max(0, 6 - value.adjusted()))):f}"


_LEAST = (
    "不低于|不小于|不少于|大于等于|大于|高于|超过|至少|最低|最小|下限|≥|>=|>|at least|no less than|"
    r"not less than|not below|greater than|more than|minimum(?: of)?|min\b\.?|above|over"
)
_MOST = (
    "不高于|不大于|不超过|不多于|小于等于|低于|小于|少于|至多|最高|最大|最多|上限|≤|<=|<|at most|"
    r"no more than|not more than|not exceeding|up to|maximum(?: of)?|max\b\.?|below|under|less than"
)
_ABOUT = r"大约|约为|约|近|≈|~|approximately|approx\b\.?|about|around|circa|ca\.|roughly"
_WARM = "常温|室温|(?i:room temperature|ambient temperature)|RT(?![A-Za-z])"
_CALM = "常压|(?i:atmospheric pressure|ambient pressure)"
_SIGN = r"(?:[-+](?![-+])|零下|负|(?i:minus )|(?<![A-Za-z0-9)])-)"
_JOIN = r"-|~|至|到|\.{3}|…{1,2}|(?i:to)(?=[\s-])|(?(between)(?:和|与|(?i:and))|(?!))"
_AFTER = (
    r"(?:(?P<least_after>及?以上|或以上|起(?![始动])|(?i:or more|or above|and above)|\+(?![0-9]))"
    r"|(?P<most_after>及?以下|以内|之内|(?i:or less|or below))|(?P<about_after>左右|上下))"
)


def _end(i: int) -> str:
    return (
        rf"(?:(?P<warm{i}>{_WARM})|(?P<calm{i}>{_CALM})|(?P<sign{i}>{_SIGN})?"
        rf"(?<![0-9.])(?P<number{i}>{NUMBER})(?:\s?(?P<times{i}>{MULTIPLE}))?"
        rf"(?:\s?(?P<unit{i}>{units.PATTERN}))?)"
    )


_RANGE = re.compile(
    rf"(?:(?:(?P<least>(?i:{_LEAST}))|(?P<most>(?i:{_MOST}))|(?P<about>(?i:{_ABOUT}))"
    r"|(?P<between>介于|(?i:between ))|(?P<acid>[Pp]H(?:值)?))\s?(?:(?:为|是|:|=|of )\s?)?){0,3}"
    r"(?:(?P<count>[0-9]{1,2})\s?[×x*]\s?(?!10(?:\^|[-⁻⁺⁰¹²³⁴⁵⁶⁷⁸⁹])))?"
    r"(?P<open>\()?(?:(?P<margin>±)\s?)?" + _end(1) + rf"(?:\s?(?:(?P<spread>±)|(?P<to>{_JOIN}))\s?"
    rf"(?:{_end(2)}|(?P<endless>∞)))?(?(open)\)(?:\s?(?P<unit3>{units.PATTERN}))?)"
    r"(?:\s?[×x*]\s?(?P<copies>[0-9]{1,2})(?![0-9.]|\s?[A-Za-zμ毫厘米])\s?[台套个只]?)?"
    rf"(?:\s?{_AFTER})?"
)


@dataclass(frozen=True, slots=True)
class Found:
    """A range found in a text: `text[start:end]` is what it was read from."""

    start: int
    end: int
    range: Range


def scan(text: str) -> Iterator[Found]:
    """All values and ranges that carry a unit (or name a state: 常温, 常压), in order.

    `text` must come from `plain`. What is written as a range but cannot be one (`200~100℃`) is
    passed over. Time grows linearly with the text.
    """
    for match in _RANGE.finditer(text):
        try:
            found = _build(match, None)
        except Unreadable:
            continue
        if found.unit:
            yield Found(match.start(), match.end(), found)


def read_range(text: str, *, unit: str | None = None) -> Range:
    """The value or range that the whole of `text` states.

    With `unit` (any pint unit, `L`, `degC`, `t/d`) the answer is in that unit and a bare number
    counts as being in it; without, it keeps the unit as written ('' for none). 常温 is
    10~30 ℃ and 25 ℃ as one end of a range; 常压 is 1 atm; `500 L/批` counts as 500 L.
    Raises `Unreadable` whose data hold `reason` (empty, words, several, no-unit, dimension,
    reversed, impossible), `zh`, `en` and `given`.
    """
    given = plain(text).strip(" \t\r\n。;,")
    if not given:
        raise _unreadable("empty", text)
    if unit == "degC":
        given = re.sub(r"(?<=[0-9 ])C(?![A-Za-z])", "℃", given)
    match = _RANGE.fullmatch(given)
    if match is None:
        pieces = sum(1 for _ in scan(given))
        raise _unreadable("several" if pieces > 1 else "words", text)
    found = _build(match, unit)
    if unit is None:
        return found
    if not found.unit and unit:
        raise _unreadable("no-unit", text)
    try:
        found = found.to(unit)
    except Unreadable:
        raise _unreadable("dimension", text, unit=unit) from None
    return found


def _build(match: re.Match[str], expected: str | None) -> Range:
    """The range of a match, in the unit it was written with (the first of two)."""
    group = match.groupdict()
    spelled = [group["unit1"], group["unit2"], group["unit3"]]
    written = [units.canonical(u) if u else None for u in spelled]
    if group["acid"] and not any(written):
        written[0] = "pH"
    stated = [*written, _state(group, 1), _state(group, 2), expected]
    unit = next((u for u in stated if u), "")
    first, second = _values(group)
    if first is None:
        raise _unreadable("words", match[0])
    low: Decimal | None
    high: Decimal | None
    if group["spread"] and second is not None:
        margin = _margin(second, first, unit, written)
        low, high = first - margin, first + margin
    elif group["margin"]:
        low, high = -abs(first), abs(first)
        unit = f"delta_{unit}" if unit in ("degC", "degF") else unit
    elif group["warm1"] and not (second or group["least"] or group["most"] or group["endless"]):
        low, high = _ROOM
    else:
        low, high = _ends(group, first, second, unit, written)
    count = int(group["count"] or group["copies"] or 1)
    about = bool(group["about"] or group["about_after"])
    if unit in _COLDEST and low is not None and low < _COLDEST[unit]:
        raise _unreadable("impossible", match[0])
    if low is not None and high is not None and low > high and group["sign2"]:
        low, high = high, low  # 0~-0.1 MPa: vacuum is written downwards
    return Range(low, high, unit, about, max(count, 1))


def _state(group: dict[str, str | None], i: int) -> str | None:
    return "degC" if group[f"warm{i}"] else "atm" if group[f"calm{i}"] else None


def _values(group: dict[str, str | None]) -> tuple[Decimal | None, Decimal | None]:
    """Both numbers with signs and multiples; `1~2万吨` means 万 for both."""
    first, second = _number(group, 1), _number(group, 2)
    shared = group["times2"]
    if shared and first is not None and not (group["times1"] or group["unit1"]):
        raised = first * MULTIPLES[shared.lower()]
        if second is not None and raised <= second:
            first = raised
    return first, second


def _number(group: dict[str, str | None], i: int) -> Decimal | None:
    if _state(group, i):
        return _WARM_END if group[f"warm{i}"] else Decimal(1)
    value = number(group[f"number{i}"] or "")
    if value is None:
        return None
    value *= MULTIPLES[(group[f"times{i}"] or "").lower()] if group[f"times{i}"] else 1
    return tidy(value if (group[f"sign{i}"] or "+") == "+" else -value)


def _margin(margin: Decimal, centre: Decimal, unit: str, written: list[str | None]) -> Decimal:
    if written[0] and written[1] == "percent" != written[0]:
        return abs(centre * margin / 100)
    scale = units.scale(written[1] or unit, unit)
    if scale is None:
        raise _unreadable("dimension", f"{centre}±{margin}")
    return abs(margin * scale[0])


def _ends(
    group: dict[str, str | None],
    first: Decimal,
    second: Decimal | None,
    unit: str,
    written: list[str | None],
) -> tuple[Decimal | None, Decimal | None]:
    low: Decimal | None = _in(unit, first, _state(group, 1) or written[0])
    if second is not None:
        return low, _in(unit, second, _state(group, 2) or written[1])
    least = group["least"] or group["least_after"] or group["endless"]
    most = group["most"] or group["most_after"]
    if least and most:
        raise _unreadable("words", f"{least} {first} {most}")
    return (None if most else low), (None if least else low)


def _in(unit: str, value: Decimal, own: str | None) -> Decimal:
    if own is None or own == unit:
        return value
    scale = units.scale(own, unit)
    if scale is None:
        raise _unreadable("dimension", f"{value} {own}", unit=unit)
    return _moved(value, *scale)
