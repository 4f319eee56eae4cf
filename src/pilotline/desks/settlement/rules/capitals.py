"""Amounts in Chinese capitals, as cheques and contracts write them against forgery.

After 《支付结算办法》附一《正确填写票据和结算凭证的基本规定》: one 零 for zeros in between,
整 after 元 or 角 when nothing follows, 零 between 元 and 分 when there is no 角.
"""

from decimal import Decimal

from pilotline.kernel.money import to_fen

DIGITS = "零壹贰叁肆伍陆柒捌玖"
PLACES = ((1000, "仟"), (100, "佰"), (10, "拾"), (1, ""))
WAN, YI = 10**4, 10**8
MOST = Decimal(10**16)


def in_capitals(amount: Decimal) -> str:
    """`壹佰贰拾叁元肆角伍分` for 123.45; below ten thousand billion yuan, either sign.

    Raises ValueError beyond that, and for what is no number.
    """
    if not amount.is_finite() or abs(amount) >= MOST:
        raise ValueError(f"{amount} cannot be written in capitals")
    fen = int(abs(to_fen(amount)) * 100)
    yuan, rest = divmod(fen, 100)
    jiao, cent = divmod(rest, 10)
    words = f"{_whole(yuan)}元" if yuan else ""
    if jiao:
        words += f"{DIGITS[jiao]}角"
    elif cent and yuan:
        words += "零"
    if cent:
        words += f"{DIGITS[cent]}分"
    if not words:
        words = "零元"
    minus = "负" if amount < 0 and fen else ""
    return f"{minus}{words}{'' if cent else '整'}"


def _whole(number: int) -> str:
    """A whole number above zero: so many 亿, so many 万, and what is left."""
    for unit, name in ((YI, "亿"), (WAN, "万")):
        if number >= unit:
            high, low = divmod(number, unit)
            if not low:
                return f"{_whole(high)}{name}"
            gap = "零" if low * 10 < unit else ""
            return f"{_whole(high)}{name}{gap}{_whole(low)}"
    return _group(number)


def _group(number: int) -> str:
    """1 to 9999."""
    words, zero = "", False
    for place, name in PLACES:
        digit = number // place % 10
        if digit:
            words += f"{'零' if zero and words else ''}{DIGITS[digit]}{name}"
        zero = not digit
    return words
