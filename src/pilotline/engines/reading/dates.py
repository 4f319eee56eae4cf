"""Days and deadlines: `3月底前`, `2027年上半年`, `三个月内`, `by March 2027`, `within 6 weeks`."""

import re
from calendar import monthrange
from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

from pilotline.engines.reading.page import Page
from pilotline.engines.reading.result import Finding, Span
from pilotline.kernel.numerals import NUMBER, number

_YEAR = r"(?:(?P<y>20[0-9]{2})\s?年度?|(?P<ry>今年|本年度?|明年|来年|后年))"
_MONTH = r"(?P<m>1[0-2]|0?[1-9](?![0-9])|十[一二]?|[一二三四五六七八九])\s?月份?"
_DAY = r"(?P<d>[12][0-9]|3[01]|0?[1-9])\s?[日号]"
_PART = r"(?P<part>上旬|中旬|下旬|初|中(?!试)|底|末)"
_HALF = r"(?P<half>上半年|下半年|第?[一二三四1-4]季度|[Qq][1-4])"
_AFTER = r"(?P<after>之?前|以前|内|之内|以内|截止|为止|起|之?后|以后|开始)?"
_BEFORE = r"(?P<before>截止日期?[:到至为]{0,2}|截止[:到至]?|截至|最迟|最晚|不晚于|自|从)?\s?"

_CHINESE = re.compile(
    rf"{_BEFORE}(?:{_YEAR}\s?(?:{_MONTH}(?:{_DAY}|{_PART})?|{_HALF}|年?(?P<yp>初|中(?!试)|底|末))?"
    rf"|{_MONTH.replace('<m>', '<m2>')}(?:{_DAY.replace('<d>', '<d2>')}|"
    rf"{_PART.replace('<part>', '<part2>')})?|{_HALF.replace('<half>', '<half2>')}"
    r"|(?<![0-9])年(?P<yp2>初|中(?!试)|底|末)|(?P<rm>本月|下个?月)(?P<part3>底|末|初)?)"
    rf"{_AFTER}"
)
_MONTHS_ZH = re.compile(
    r"(?:(?P<y>20[0-9]{2})\s?年\s?)?(?P<m1>1[0-2]|0?[1-9])\s?月?\s?[-~至到]\s?"
    r"(?:(?P<y2>20[0-9]{2})\s?年\s?)?(?P<m2>1[0-2]|0?[1-9])\s?月(?!龄)"
)
_NUMERIC = re.compile(
    rf"{_BEFORE}(?<![0-9.])(?P<y>20[0-9]{{2}})(?P<s>[-/.])(?P<m>1[0-2]|0?[1-9])"
    rf"(?:(?P=s)(?P<d>3[01]|[12][0-9]|0?[1-9]))?(?![0-9]){_AFTER}"
)
_WITHIN_ZH = re.compile(
    rf"(?:(?:{NUMBER})\s?[-~至到]\s?)?(?P<n>{NUMBER})\s?"
    r"(?P<u>个?工作日|天|日|周|个?星期|个月|年|个?季度)(?P<half>半)?(?:之内|以内|内)"
)
_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NAME = r"(?P<name>Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Sept|Oct|Nov|Dec)[a-z]{0,6}\.?"
_LEAD = (
    r"(?P<lead>(?i:by|before|until|till|no later than|not later than|due|from|starting|starts|"
    r"after|beginning|in|during|on|between|deadline:?)(?: (?i:in|from|on|by))?(?: the)?"
    r"(?P<edge> (?i:end|beginning|start|middle) of(?: the)?)?)"
)
_ENGLISH = re.compile(
    rf"\b{_LEAD}\s(?:(?P<d>[0-3]?[0-9])(?:st|nd|rd|th)?\s)?{_NAME}"
    r"(?:\s(?P<d2>[0-3]?[0-9])(?:st|nd|rd|th)?(?![0-9]))?(?:,?\s(?P<y>20[0-9]{2}))?"
    rf"(?:\s?(?:to|and|-|until)\s{_NAME.replace('<name>', '<name2>')}"
    r"(?:\s(?P<y2>20[0-9]{2}))?)?\b"
)
_ENGLISH_YEAR = re.compile(
    rf"\b(?:{_LEAD}\s)?(?:(?P<q>[Qq][1-4])\s?(?:of\s)?"
    r"|(?i:the\s)?(?P<half>(?i:first|second)) half of\s"
    r"|(?P<part>(?i:early|mid|late|end of|year-end))[\s-]|(?P<plain>))(?P<y>20[0-9]{2})\b"
)
_WITHIN = re.compile(
    r"\b(?i:within|in the next|over the next)\s(?:the next\s)?"
    r"(?P<n>[0-9]{1,3}|(?i:a|one|two|three|four|five|six|eight|nine|ten|twelve|eighteen))"
    r"\s(?P<u>(?i:working day|day|week|month|quarter|year))s?\b"
)
_RELATIVE = re.compile(
    r"\b(?P<lead>(?i:by|before|in|from|during)\s(?:the end of\s)?)?(?P<which>(?i:next|this))\s"
    r"(?P<u>(?i:month|quarter|year))\b"
)
_COUNTS = {
    "a": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "eight": 8, "nine": 9,
    "ten": 10, "twelve": 12, "eighteen": 18,
}  # fmt: skip


class Stretch(NamedTuple):
    """Days from first to last, both included; how they bound: from, by, within."""

    start: int
    end: int
    relation: str
    first: date | None
    last: date | None
    sure: bool = True


def times(page: Page, today: date) -> list[Finding]:
    """Findings of the topic `time`; the longest reading of a place wins."""
    found = sorted(_all(page.text, today), key=lambda s: (s.start - s.end, s.start))
    taken: list[Stretch] = []
    covered: set[int] = set()
    for one in found:
        if covered.isdisjoint(area := range(one.start, one.end)):
            taken.append(one)
            covered.update(area)
    return [
        Finding(
            topic="time",
            spans=(Span(s.start, s.end),),
            relation=s.relation,
            first_day=s.first,
            last_day=s.last,
            confidence=0.9 if s.sure else 0.6,
            reason="date",
        )
        for s in taken
    ]


def _all(text: str, today: date) -> Iterator[Stretch]:
    readers = (
        (_CHINESE, _chinese), (_MONTHS_ZH, _months), (_NUMERIC, _numeric),
        (_WITHIN_ZH, _within_zh), (_ENGLISH, _english), (_ENGLISH_YEAR, _english_year),
        (_WITHIN, _within), (_RELATIVE, _relative),
    )  # fmt: skip
    for pattern, read in readers:
        for match in pattern.finditer(text):
            try:
                stretch = read(match, today)
            except (ValueError, OverflowError):  # 30 February, the year 12026
                continue
            if stretch:
                yield stretch


def _stretch(
    match: re.Match[str], relation: str, first: date, last: date, sure: bool = True
) -> Stretch:
    """The days of a match; a deadline has no first day, a start no last one."""
    return Stretch(
        match.start(),
        match.end(),
        relation,
        None if relation == "by" else first,
        None if relation == "from" else last,
        sure,
    )


def _month_end(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])


def _months_on(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _coming(today: date, month: int) -> int:
    """The year in which that month is next over or under way."""
    return today.year if month >= today.month else today.year + 1


def _chinese(match: re.Match[str], today: date) -> Stretch | None:
    g = match.groupdict()
    year = int(g["y"]) if g["y"] else None
    if g["ry"]:
        year = today.year + {"明": 1, "来": 1, "后": 2}.get(g["ry"][0], 0)
    month = number(g["m"] or g["m2"] or "")
    day, part = g["d"] or g["d2"], g["part"] or g["part2"] or g["part3"]
    half, edge = g["half"] or g["half2"], g["yp"] or g["yp2"]
    if g["rm"]:
        start = _months_on(today.replace(day=1), 1 if g["rm"][0] == "下" else 0)
        year, month = start.year, number(str(start.month))
    if month is not None:
        first, last = _in_month(year or _coming(today, int(month)), int(month), day, part)
    elif half:
        first, last = _in_half(year, half, today)
    else:
        first, last = _in_year(year or today.year, edge)
    relation = _relation(g["before"], g["after"], part or edge or "")
    bare = not (g["before"] or g["after"] or part or edge or day or half)
    return _stretch(match, relation, first, last, sure=not bare)


def _relation(before: str | None, after: str | None, edge: str) -> str:
    if (after and after[-1] in "起后始") or before in ("自", "从"):
        return "from"
    if after or before or edge in ("底", "末"):
        return "by"
    return "within"


def _in_month(year: int, month: int, day: str | None, part: str | None) -> tuple[date, date]:
    last = _month_end(year, month)
    if day:
        return date(year, month, int(day)), date(year, month, int(day))
    if part in ("上旬", "初"):
        return date(year, month, 1), date(year, month, 10)
    if part in ("中旬", "中"):
        return date(year, month, 11), date(year, month, 20)
    return date(year, month, 21 if part else 1), last


def _in_half(year: int | None, half: str, today: date) -> tuple[date, date]:
    quarter = re.search(r"[一二三四1-4]", half)
    if quarter:
        n = int(number(quarter[0]) or 1)
        first_month, last_month = 3 * n - 2, 3 * n
    else:
        first_month, last_month = (1, 6) if half[0] == "上" else (7, 12)
    year = year or _coming(today, last_month)
    return date(year, first_month, 1), _month_end(year, last_month)


def _in_year(year: int, edge: str | None) -> tuple[date, date]:
    first, last = {"初": (1, 3), "中": (6, 7)}.get(edge or "", (1, 12))
    return date(year, first, 1), _month_end(year, last)


def _months(match: re.Match[str], today: date) -> Stretch | None:
    m1, m2 = int(match["m1"]), int(match["m2"])
    year = int(match["y"]) if match["y"] else _coming(today, m2)
    last_year = int(match["y2"]) if match["y2"] else year + (m2 < m1)
    return _stretch(match, "within", date(year, m1, 1), _month_end(last_year, m2))


def _numeric(match: re.Match[str], _: date) -> Stretch | None:
    if match["s"] == "." and not match["d"]:
        return None  # 2026.11 may as well be a version
    first, last = _in_month(int(match["y"]), int(match["m"]), match["d"], None)
    return _stretch(match, _relation(match["before"], match["after"], ""), first, last)


def _within_zh(match: re.Match[str], today: date) -> Stretch | None:
    count = number(match["n"])
    if count is None or count > 3660:
        return None
    unit = match["u"].lstrip("个")
    months = {"月": 1, "季度": 3, "年": 12}.get(unit)
    if months:
        total = int(count * months) + (months // 2 if match["half"] else 0)
        return _stretch(match, "by", today, _months_on(today, total))
    return _stretch(match, "by", today, _days_on(today, int(count), unit))


def _days_on(today: date, count: int, unit: str) -> date:
    if unit in ("工作日", "working day"):
        friday = today - timedelta(days=max(0, today.weekday() - 4))
        return friday + timedelta(days=count + 2 * ((count + friday.weekday()) // 5))
    return today + timedelta(days=count * (7 if unit in ("周", "星期", "week") else 1))


def _english(match: re.Match[str], today: date) -> Stretch | None:
    month = _month_number(match["name"])
    lead = match["lead"].lower()
    if match["name2"]:
        last_month = _month_number(match["name2"])
        last_year = int(match["y2"] or match["y"] or _coming(today, last_month))
        year = int(match["y"]) if match["y"] else last_year - (last_month < month)
        return _stretch(match, "within", date(year, month, 1), _month_end(last_year, last_month))
    year = int(match["y"] or _coming(today, month))
    edge = (match["edge"] or "").strip().split(" ")[0].lower()
    part = {"beginning": "初", "start": "初", "middle": "中", "end": "底"}.get(edge)
    first, last = _in_month(year, month, match["d"] or match["d2"], part)
    return _stretch(match, _english_relation(lead), first, last)


def _month_number(name: str) -> int:
    return _NAMES.index(name.lower()[:3]) + 1


def _english_relation(lead: str) -> str:
    if lead.startswith(("from", "start", "after", "beginning")):
        return "from"
    if lead.startswith(("in", "during", "on", "between")) and " end of" not in lead:
        return "within"
    return "by"


def _english_year(match: re.Match[str], today: date) -> Stretch | None:
    g, year = match.groupdict(), int(match["y"])
    if not (g["lead"] or g["q"] or g["half"] or g["part"]):
        return None
    if g["q"]:
        first, last = _in_half(year, g["q"], today)
    elif g["half"]:
        first, last = _in_half(year, "上半年" if g["half"].lower() == "first" else "下半年", today)
    else:
        edge = {"early": "初", "mid": "中"}.get((g["part"] or g["edge"] or "").strip().lower())
        first, last = _in_year(year, edge)
    lead = (g["lead"] or "in").lower()
    ends = (g["part"] or "").lower() in ("late", "end of", "year-end")
    return _stretch(match, "by" if ends else _english_relation(lead), first, last)


def _within(match: re.Match[str], today: date) -> Stretch | None:
    count = int(match["n"]) if match["n"].isdigit() else _COUNTS[match["n"].lower()]
    unit = match["u"].lower()
    months = {"month": 1, "quarter": 3, "year": 12}.get(unit)
    last = _months_on(today, count * months) if months else _days_on(today, count, unit)
    return _stretch(match, "by", today, last)


def _relative(match: re.Match[str], today: date) -> Stretch | None:
    ahead = match["which"].lower() == "next"
    unit = match["u"].lower()
    size = {"month": 1, "quarter": 3, "year": 12}[unit]
    month = (today.month - 1) // size * size
    first = _months_on(date(today.year, month + 1, 1), size * ahead)
    last = _months_on(first, size) - timedelta(days=1)
    return _stretch(match, _english_relation((match["lead"] or "in").lower()), first, last)
