"""Amounts in capitals: by hand, and read back for any amount."""

import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pilotline.desks.settlement.rules import in_capitals
from pilotline.desks.settlement.rules.capitals import DIGITS

UNITS = {"拾": 10, "佰": 100, "仟": 1000}


def read_whole(words: str) -> int:
    """Chinese capitals back to a number, by another way than they were written."""
    for name, unit in (("亿", 10**8), ("万", 10**4)):
        high, found, low = words.rpartition(name)
        if found:
            return read_whole(high) * unit + read_whole(low)
    total = 0
    for digit, unit in re.findall("([壹贰叁肆伍陆柒捌玖])([拾佰仟]?)", words):
        total += DIGITS.index(digit) * UNITS.get(unit, 1)
    return total


def read_back(words: str) -> Decimal:
    whole, found, rest = words.rpartition("元")
    yuan = read_whole(whole) if found else 0
    jiao = re.search("([壹贰叁肆伍陆柒捌玖])角", rest)
    fen = re.search("([壹贰叁肆伍陆柒捌玖])分", rest)
    cents = 10 * DIGITS.index(jiao[1]) if jiao else 0
    cents += DIGITS.index(fen[1]) if fen else 0
    amount = yuan + Decimal(cents).scaleb(-2)
    return -amount if words.startswith("负") else amount


@given(st.integers(-(10**18) + 1, 10**18 - 1))
def test_every_amount_is_read_back(fen: int) -> None:
    amount = Decimal(fen).scaleb(-2)
    words = in_capitals(amount)
    assert read_back(words) == amount
    assert "零零" not in words
    assert words.endswith("分") != words.endswith("整")


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("123.45", "壹佰贰拾叁元肆角伍分"),
        ("0", "零元整"),
        ("-0.001", "零元整"),
        ("0.05", "伍分"),
        ("0.50", "伍角整"),
        ("0.55", "伍角伍分"),
        ("1", "壹元整"),
        ("10", "壹拾元整"),
        ("1409.50", "壹仟肆佰零玖元伍角整"),
        ("6007.14", "陆仟零柒元壹角肆分"),
        ("16409.02", "壹万陆仟肆佰零玖元零贰分"),
        ("325.04", "叁佰贰拾伍元零肆分"),
        ("100000", "壹拾万元整"),
        ("100001", "壹拾万零壹元整"),
        ("10010000", "壹仟零壹万元整"),
        ("120000.00", "壹拾贰万元整"),
        ("100001000", "壹亿零壹仟元整"),
        ("500000000", "伍亿元整"),
        ("1234567890123.40", "壹万贰仟叁佰肆拾伍亿陆仟柒佰捌拾玖万零壹佰贰拾叁元肆角整"),
        ("1000000000000", "壹万亿元整"),
        ("-12.30", "负壹拾贰元叁角整"),
    ],
)
def test_by_hand(amount: str, words: str) -> None:
    assert in_capitals(Decimal(amount)) == words


@pytest.mark.parametrize("amount", ["NaN", "Infinity", "1E16", "-1E17"])
def test_what_cannot_be_written_is_refused(amount: str) -> None:
    with pytest.raises(ValueError, match="cannot be written"):
        in_capitals(Decimal(amount))
