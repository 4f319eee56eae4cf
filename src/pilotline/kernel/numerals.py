"""Characters made ordinary and numbers read: full-width, powers of ten, Chinese numerals."""

import re
import unicodedata
from decimal import Decimal

_PLAIN = {code: unicodedata.normalize("NFKC", chr(code)) for code in range(0xFF01, 0xFF5F)}
_PLAIN |= dict.fromkeys(map(ord, "‐‑‒–—―−﹣－"), "-") | dict.fromkeys(map(ord, "〜∼˜～"), "~")
_PLAIN |= dict.fromkeys([*range(9), *range(0x0B, 0x20), *range(0x7F, 0xA1)], " ")
_PLAIN |= dict.fromkeys([9, 0xAD, 0x3000, 0xFEFF, 0x2060, *range(0x2000, 0x2010)], " ")
_PLAIN |= {ord("µ"): "μ", ord("⩾"): "≥", ord("≧"): "≥", ord("⩽"): "≤", ord("≦"): "≤"}


def plain(text: str) -> str:
    """The same text, character for character, with full-width and odd signs made ordinary.

    Positions stay as they were: every character becomes exactly one.
    """
    return text.translate(_PLAIN)


_SUPER = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺", "0123456789-+")
_RAISED = r"[⁻⁺]?[⁰¹²³⁴⁵⁶⁷⁸⁹]{1,2}"
_ARABIC = r"(?:[0-9]{1,3}(?:,[0-9]{3})++(?![0-9])|[0-9]{1,15}+)(?:\.[0-9]{1,15}+)?|\.[0-9]{1,15}+"
_TIMES = rf"(?:\s?[×x*]\s?10(?:\^[-+]?[0-9]{{1,2}}|-[0-9]{{1,2}}|{_RAISED})|[eE][-+]?[0-9]{{1,2}})"
_CHINESE = r"[零〇一二两三四五六七八九十百千万亿半]{1,12}+(?:点[零〇一二三四五六七八九]{1,9}+)?"
MULTIPLES = {"十": 10, "百": 100, "千": 10**3, "万": 10**4, "百万": 10**6, "千万": 10**7}
MULTIPLES |= {"亿": 10**8, "thousand": 10**3, "million": 10**6, "billion": 10**9}
MULTIPLE = r"百万|千万|[十百千万亿]|(?i:thousand|million|billion)\b"
NUMBER = rf"(?:10(?:\^[-+]?[0-9]{{1,2}}|{_RAISED})|(?:{_ARABIC})(?:{_TIMES})?|{_CHINESE})"
_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}


def number(written: str) -> Decimal | None:
    """`1,000`, `10^5`, `1×10⁻³`, `两千五百`, `半`, `一点五` as a number; None for none."""
    text = re.sub(_RAISED, lambda m: "^" + m[0].translate(_SUPER), plain(written))
    text = re.sub(r"[\s,]", "", text)
    power = re.fullmatch(r"(?:([0-9.]+)[×x*])?10(?:\^([-+]?[0-9]{1,2})|(-[0-9]{1,2}))", text)
    if power:
        return Decimal(power[1] or 1) * Decimal(10) ** int(power[2] or power[3])
    if re.fullmatch(r"[0-9]*\.?[0-9]+(?:[eE][-+]?[0-9]{1,2})?", text):
        return Decimal(text)
    return _chinese(text)


def _chinese(text: str) -> Decimal | None:
    whole, _, part = text.partition("点")
    if whole == "半":
        return Decimal("0.5")
    if not whole or "半" in whole:
        return None
    if all(c in _DIGITS for c in whole):
        if 1 < len(whole) < 4:  # 两三 is "two or three", not 23
            return None
        value = int("".join(str(_DIGITS[c]) for c in whole))
    else:
        value = _grouped(whole)
        if value == 0:
            return None
    digits = "".join(str(_DIGITS[c]) for c in part)
    return Decimal(f"{value}.{digits}") if digits else Decimal(value)


def _grouped(text: str) -> int:
    total = section = digit = 0
    for c in text:
        if c in _DIGITS:
            digit = _DIGITS[c]
        elif c in "十百千":
            section += (digit or 1) * MULTIPLES[c]
            digit = 0
        elif c == "亿":
            total, section, digit = (total + section + digit or 1) * MULTIPLES[c], 0, 0
        elif c == "万":
            total, section, digit = total + (section + digit or 1) * MULTIPLES[c], 0, 0
        else:
            return 0
    return total + section + digit


def tidy(value: Decimal) -> Decimal:
    """Without trailing zeros and without an exponent: 1E+3 → 1000, 15000.0 → 15000."""
    short = value.normalize()
    whole = short == short.to_integral_value() and short.adjusted() < 27
    return short.quantize(Decimal(1)) if whole else short
