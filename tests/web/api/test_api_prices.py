"""Prices for programs: set, tried, quoted, accepted, compared."""

from typing import Any

import pytest
from django.utils import timezone

from tests.factories_matching import operated
from tests.factories_tariffs import BASIS, CONTENT, resource

pytestmark = pytest.mark.django_db


def test_from_a_tariff_to_an_accepted_quotation(program: Any) -> None:
    owner, asker = program("operator"), program("applicant")
    who, facility = operated(owner.who)
    pk = resource(who, facility, "质谱仪")
    place = f"/operator/facilities/{facility.code}"
    today = timezone.localdate().isoformat()
    given = {"valid_from": today, "content": CONTENT, "seen_version": 0}
    made = owner.ask("PUT", f"{place}/tariff", given).json()
    assert (made["version"], made["resource"]) == (1, None)
    wrong = {"valid_from": today, "content": {"entries": [{"price": 0.5}], "x": None}}
    problems = owner.ask("PUT", f"{place}/resources/{pk}/tariff", wrong, 422).json()["problems"]
    assert {p["field"] for p in problems} >= {"x", "entries.0.title", "entries.0.id"}
    conflict = owner.ask("PUT", f"{place}/tariff", given | {"valid_from": "2099-01-01"}, 409)
    assert conflict.json()["code"] == "conflict"
    cost = {"content": BASIS, "is_public": True}
    built = owner.ask("PUT", f"{place}/resources/{pk}/cost", cost).json()
    assert built["price"] == "300.31"
    listed = program(None).get(f"/facilities/{facility.code}/prices")
    assert [row["content"]["entries"][0]["price"] for row in listed] == ["300.31"]

    mine = min(asker.who.organisations)
    use = {"resource": pk, "day": today, "meters": [{"kind": "use", "unit": "hour", "amount": "6"}]}
    asked = {"organisation": mine, "wanted": [use]}
    tried = asker.post(f"/facilities/{facility.code}/prices/try", asked)
    assert (tried["total"], tried["user_class"]) == ("2124.07", "sme")
    asker.post(
        f"/facilities/{facility.code}/prices/try",
        asked | {"organisation": min(who.organisations)},
        404,
    )
    quoted = asker.post("/my/quotations", asked | {"facility": facility.code}, 201)
    assert quoted["lines"][0]["entry"] == "use"
    assert asker.get("/my/quotations")["total"] == 1
    assert owner.get("/operator/quotations", state="open")["total"] == 1
    program("applicant").get(f"/quotations/{quoted['id']}", 404)
    done = asker.post(f"/my/quotations/{quoted['id']}/accept")
    assert done["state"] == "accepted"
    late = {"reason": "检修"}
    owner.post(f"/operator/quotations/{quoted['id']}/withdraw", late, 422)
    compared = program("authority").get("/authority/prices", group="chromatographs")
    assert compared["rows"] == []


def test_an_operator_reads_its_versions_and_tries_what_is_not_set_yet(program: Any) -> None:
    owner = program("operator")
    who, facility = operated(owner.who)
    pk = resource(who, facility, "质谱仪")
    place = f"/operator/facilities/{facility.code}"
    today = timezone.localdate().isoformat()
    use = {"resource": None, "day": today}
    use["meters"] = [{"kind": "use", "unit": "hour", "amount": "6"}]
    draft = {"content": CONTENT, "user_class": "sme", "wanted": [use]}
    assert owner.post(f"{place}/tariff/try", draft)["total"]
    gap = {
        "entries": [
            CONTENT["entries"][0]
            | {
                "tiers": [
                    {"start": "0", "end": "10", "factor": "1"},
                    {"start": "20", "factor": "0.9"},
                ]
            }
        ]
    }
    told = owner.post(f"{place}/tariff/try", draft | {"content": CONTENT | gap}, 422)
    assert any(p["field"].startswith("entries.0.tiers") for p in told["problems"])
    assert owner.get(f"{place}/tariffs")["total"] == 0
    for path in ("tariff", f"resources/{pk}/tariff"):
        owner.ask("PUT", f"{place}/{path}", {"valid_from": "2099-01-01", "content": CONTENT})
        assert owner.get(f"{place}/{path}")["total"] == 1
    rows = owner.get(f"{place}/tariffs")["items"]
    assert [(row["resource"], row["code"]) for row in rows] == [(None, ""), (pk, f"R{pk}")]
    program("operator").get(f"{place}/tariffs", 403)
    program("operator").post(f"{place}/tariff/try", draft, 403)
