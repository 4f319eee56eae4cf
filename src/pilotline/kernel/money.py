"""Money is Decimal yuan (CNY), never a float."""

from decimal import ROUND_HALF_UP, Decimal

FEN = Decimal("0.01")


def to_fen(amount: Decimal) -> Decimal:
    """Round half up to whole fen, as invoices do."""
    return amount.quantize(FEN, rounding=ROUND_HALF_UP)


def show_yuan(amount: Decimal) -> str:
    """`12,800.50`, without needless zeros after the point."""
    text = f"{to_fen(amount):,.2f}"
    return text[:-3] if text.endswith(".00") else text
