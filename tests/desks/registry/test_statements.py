"""Statements of capabilities as people read them."""

from decimal import Decimal

import pytest

from pilotline.desks.registry.rules import show_statement

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("low", "high", "shown"),
    [
        ("20.8333333333", "83.3333333333", "20.83～83.33 kg/h"),
        ("0.0000123456", None, "≥ 0.00001235 kg/h"),
        ("1234.5678901", "2000", "1235～2000 kg/h"),
        ("0.1234", "1234.5", "0.1234～1234.5 kg/h"),
    ],
)
def test_what_a_conversion_left_endless_is_shown_in_four_digits(rulebook, low, high, shown):
    attribute = rulebook.attributes["throughput"]
    ends = (None if end is None else Decimal(end) for end in (low, high))
    assert show_statement(attribute, *ends, [], "zh-hans") == shown
