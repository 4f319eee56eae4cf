"""Prices are compared by what they are for: an hour with hours, a batch with batches."""

from decimal import Decimal
from typing import Any

import pytest

from pilotline.desks.matching.problem.records import entries_of, record_of, usual_prices
from pilotline.desks.registry import queries as registry
from pilotline.desks.registry import services
from tests.factories import NOW
from tests.factories_matching import operated

pytestmark = pytest.mark.django_db


def test_the_usual_price_of_its_own_unit_counts(rulebook: Any) -> None:
    who, facility = operated()
    given = [("hour", 300), ("hour", 600), ("hour", 900), ("batch", 12_000), ("kg", 0)]
    for number, (unit, price) in enumerate(given):
        services.add_resource(
            who=who,
            facility=facility.code,
            values={"kind": "line", "name": f"{number}号线", "price": Decimal(price),
                    "price_unit": unit},
            now=NOW,
        )  # fmt: skip
    offers = [o for o in registry.offers_for([facility.pk]) if o.line is not None]
    usual = usual_prices(offers)
    assert usual == {"hour": 600.0, "batch": 12_000.0}
    shares = {}
    for offer in offers:
        for _piece, entry, values in entries_of(offer):
            record = record_of(1, entry, values, rulebook, usual)
            shares[offer.price_unit, int(offer.price or 0)] = record.measures.get("price")
    # Twelve thousand for a batch is as usual as six hundred for an hour; nothing is free of charge.
    assert shares["batch", 12_000] == shares["hour", 600] == 1.0
    assert (shares["hour", 300], shares["hour", 900]) == (0.5, 1.5)
    assert shares["kg", 0] == 0.0
    # A unit that came up after the index was begun is taken as usual.
    late = record_of(1, next(iter(entries_of(offers[0])))[1], {}, rulebook, {})
    assert late.measures["price"] == 1.0
