"""What the matching desk sees: offers, their values and texts, and what changed since."""

from datetime import date
from decimal import Decimal

import pytest

from pilotline.desks.journal.queries import current_rulebook
from pilotline.desks.registry import queries, services
from tests.factories_registry import (
    NOW,
    authority,
    capability,
    facility,
    operator,
    organisation,
    publish_rulebook,
    resource,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _rulebook():
    publish_rulebook()


def test_a_facility_without_lines_is_one_offer_itself():
    made = facility("海岱平台")
    facility("草稿平台", published=False)
    kettle = resource(made, "反应釜", "equipment")
    capability(made, "volume", "500 L", kettle)
    (offer,) = queries.offers()
    assert (offer.id, offer.line, offer.facility_code) == (f"{made.pk}-0", None, made.code)
    assert offer.fields == {"advanced_chemicals"}
    (value,) = offer.attributes["volume"]
    assert (value.low, value.high, value.resource_name) == (Decimal(500), Decimal(500), "反应釜")


def test_a_line_gathers_its_parts_and_what_serves_all():
    made = facility("海岱平台", name_en="Haidai")
    first = resource(made, "甲线", verifications=["process"], price=Decimal(900), price_unit="天")
    second = resource(made, "乙线", load=30)
    own = resource(made, "釜", "equipment", line=first.pk, processes=["hydrogenation"])
    shared = resource(made, "冻干机", "equipment")
    resource(made, "检测", "service", service_kind="testing", price=Decimal(80), price_unit="样")
    capability(made, "volume", "500 L", own)
    capability(made, "volume", "80 L", shared)
    capability(made, "gmp", "有")
    one, two = sorted(queries.offers(), key=lambda o: o.line)
    assert (one.line, two.line) == (first.pk, second.pk)
    assert sorted(v.low for v in one.attributes["volume"]) == [Decimal(80), Decimal(500)]
    assert [v.low for v in two.attributes["volume"]] == [Decimal(80)]
    assert [v.values for v in two.attributes["gmp"]] == [("yes",)]
    assert [v.values for v in one.attributes["process"]] == [("hydrogenation",)]
    assert (one.price, one.price_unit, two.price, two.price_unit) == (900, "天", 80, "样")
    assert (one.verifications, two.verifications) == ({"process"}, frozenset())
    assert (two.load, two.load_stated_on) == (30, NOW.date())
    assert one.services == {"testing"}
    assert "Hydrogenation" in one.texts["capabilities"]
    assert set(one.texts) == set(current_rulebook().matching.text_fields)


def test_only_valid_certificates_count():
    made = facility("海岱平台")
    for kind, ends in (("cnas", date(2020, 1, 1)), ("cma", date(2100, 1, 1)), ("glp", None)):
        services.add_certificate(
            who=operator(made.operator),
            facility=made.code,
            values={"kind": kind, "number": kind, "valid_to": ends},
            now=NOW,
        )
    (offer,) = queries.offers()
    assert sorted(v.values for v in offer.attributes["certificate"]) == [("cma",), ("glp",)]


def test_changes_and_removals_since_a_version():
    made, quiet = facility("海岱平台"), facility("青岛平台")
    before = queries.catalogue_version()
    assert queries.offers_changed_since(before) == ([], [])
    line = resource(made, "甲线")
    changed, gone = queries.offers_changed_since(before)
    assert [o.id for o in changed] == [f"{made.pk}-{line.pk}"]
    assert gone == [f"{made.pk}-0"]
    seen = queries.catalogue_version()
    services.archive_facility(who=operator(made.operator), code=made.code, now=NOW)
    changed, gone = queries.offers_changed_since(seen)
    assert changed == []
    assert gone == sorted([f"{made.pk}-0", f"{made.pk}-{line.pk}"])
    assert queries.offer(f"{made.pk}-{line.pk}") is None
    assert queries.offer(f"{quiet.pk}-0").facility_name == "青岛平台"
    assert queries.offer("x") is None


def test_certificates_turn_by_the_day():
    made = facility("海岱平台")
    services.add_certificate(
        who=operator(made.operator),
        facility=made.code,
        values={"kind": "cnas", "number": "1", "valid_to": date(2026, 11, 19)},
        now=NOW,
    )
    before = queries.catalogue_version()
    updated = made.updated_at
    assert services.turn_certificates(now=NOW) == 1
    assert queries.catalogue_version() > before
    made.refresh_from_db()
    assert made.updated_at == updated


def test_tiers_are_added_and_never_rewritten():
    made = facility("海岱平台")

    def decide(tier: str, since: date, step: str = "") -> None:
        services.decide_tier(
            who=authority(),
            code=made.code,
            tier=tier,
            step=step,
            since=since,
            decided_by="工信部",
            now=NOW,
        )

    decide("national_level", date(2025, 1, 1), "reserve_list")
    decide("city_level", date(2022, 1, 1))
    made.refresh_from_db()
    assert (made.tier, made.tier_step) == ("national_level", "reserve_list")
    assert [s.tier for s in made.tier_steps.all()] == ["city_level", "national_level"]


def test_confirming_a_claim_refuses_the_others():
    first, second = organisation("甲"), organisation("乙")
    upload = services.Upload(
        "a.csv",
        "名称,地市\n某中试基地,济南\n".encode(),
        services.OFFICIAL,
        source_url="https://example.org",
    )
    file = services.plan_import(who=authority(), upload=upload, now=NOW)
    services.apply_import(who=authority(), pk=file.pk, now=NOW)
    code = queries.facilities(authority())[0].code
    claims = [
        services.claim_facility(
            who=operator(o), code=code, organisation=o.pk, reason="我们的", now=NOW
        )
        for o in (first, second)
    ]
    services.answer_claim(who=authority(), claim=claims[0].pk, confirmed=True, now=NOW)
    assert sorted(queries.claims(authority()).values_list("organisation__name", "status")) == [
        ("乙", "refused"),
        ("甲", "confirmed"),
    ]
    assert queries.public_facility(code).operator == first
