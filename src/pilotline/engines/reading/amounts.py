"""Quantities as their writers mean them, before an attribute is looked for.

`年产3000吨` is a rate, `80、100、120℃` runs from 80 to 120, a 5 t fermenter holds 5 m³. What is
no demand on equipment goes: a part of an unknown unit (`90 W/(m·K)`), `常温保存`.
"""

import re
from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal

from pilotline.engines.reading import words
from pilotline.engines.reading.page import Page
from pilotline.kernel.quantity import Found

_ONE = r"-?(?:[0-9]{1,3}(?:,[0-9]{3})+(?![0-9])|[0-9]{1,9}(?:\.[0-9]{1,6})?)"
_JOIN = r"\s?(?:、|/|[,，](?:\s?and)?|和|及|与|或|and|or)\s?"
_LIST = re.compile(rf"(?<![0-9.A-Za-z-])(?:{_ONE}{_JOIN})+$", re.IGNORECASE)
_LIST_REACH = 40
_LARGEST_BULLET = 30
# The unit goes on in a way that the list of units does not know.
_UNIT_GOES_ON = re.compile(
    r"\s?[/·*]\s?(?:\(|(?:k?g|[cmμn]?m[²³]?|m?mol|m?L|K|℃|°C|J|A|V|W|Pa)(?![A-Za-z]))"
)
_VESSEL = re.compile(
    r"(?:级|规模)?的?[^\W\d_投装加入进用于至到放在每]{0,6}?[罐釜]"
    r"|[\s-]?(?:scale )?(?:[a-z-]+ ){0,2}(?:bio)?(?:fermente?o?r|reactor|tank|vessel)s?\b",
    re.IGNORECASE,
)


def meant(page: Page, found: Iterable[Found]) -> list[Found]:
    """The quantities of a page that can be demands, each in the unit that is meant."""
    out: list[Found] = []
    end = 0
    for one in found:
        if not _UNIT_GOES_ON.match(page.text, one.end) and not words.KEPT.match(page.text, one.end):
            out.append(_by_period(page, _in_vessel(page, _whole_list(page, one, end))))
        end = one.end
    return out


def _by_period(page: Page, found: Found) -> Found:
    """`年产3000吨` is 3000 t/year: the period before a quantity becomes part of its unit."""
    unit = found.range.unit
    if "/" in unit or unit == "CNY":
        return found
    begin = max(page.clause(found.start), found.start - 30)
    before = page.text[begin : found.start]
    match = words.RATE.search(before)
    if not match or not words.RATE_LEAD.search(before):
        return found
    period = words.PERIODS[(match["period"] or match["daily"]).lower()]
    return replace(found, range=replace(found.range, unit=f"{unit}/{period}"))


def _in_vessel(page: Page, found: Found) -> Found:
    """`20吨发酵罐`, `a 5 t fermenter`: of a vessel a tonne is a cubic metre."""
    if found.range.unit != "t" or not _VESSEL.match(page.text, found.end):
        return found
    return replace(found, range=replace(found.range, unit="m^3"))


def _whole_list(page: Page, found: Found, floor: int) -> Found:
    """`80、100、120℃` covers all that it lists; `1、500L` at the head of a line is a bullet."""
    low, high = found.range.low, found.range.high
    if low is None or high is None or found.range.unit == "CNY":
        return found
    begin = max(floor, found.start - _LIST_REACH)
    match = _LIST.search(page.text, begin, found.start)
    if not match or re.search("[十百千万亿]", page.text[found.start : found.end]):
        return found
    listed = [Decimal(one.replace(",", "")) for one in re.findall(_ONE, match[0])]
    opens = not page.text[page.clause(match.start()) : match.start()].strip(" (:：")
    alone = len(listed) == 1
    if alone and (match[0].rstrip()[-1] in ",，" or (opens and listed[0] <= _LARGEST_BULLET)):
        return found
    low, high = min(low, *listed), max(high, *listed)
    return replace(found, start=match.start(), range=replace(found.range, low=low, high=high))
