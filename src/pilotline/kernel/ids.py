"""Checked identifiers: unified social credit codes (GB 32100) and case numbers."""

CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
CREDIT_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)


def credit_check_character(first17: str) -> str:
    """The 18th character of a unified social credit code.

    Source: GB 32100-2015, weights 3^(i-1) mod 31 over a 31-character alphabet.
    Raises ValueError for a character outside the alphabet.
    """
    total = sum(CREDIT_ALPHABET.index(c) * w for c, w in zip(first17, CREDIT_WEIGHTS, strict=True))
    return CREDIT_ALPHABET[(31 - total % 31) % 31]


def is_credit_code(text: str) -> bool:
    """True for an 18-character code of the right alphabet with the right check character."""
    if len(text) != 18 or any(c not in CREDIT_ALPHABET for c in text):
        return False
    return credit_check_character(text[:17]) == text[17]


def case_number(prefix: str, year: int, serial: int) -> str:
    """A number people can read over the phone: `XQ-2026-000123`."""
    return f"{prefix}-{year:04d}-{serial:06d}"
