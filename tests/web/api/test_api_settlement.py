"""Orders written, bills adjusted and taken back, shares ruled, disputes settled by programs."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pilotline.desks.settlement.models import CreditNote
from tests.factories_settlement import DUE, WHOLE, Stage

pytestmark = pytest.mark.django_db


class Programs:
    """A program on each side, and the stage of their people."""

    def __init__(self, program: Any) -> None:
        self.applicant, self.operator, self.authority = (
            program(role) for role in ("applicant", "operator", "authority")
        )
        self.stage = Stage(
            applicant=self.applicant.who, operator=self.operator.who, authority=self.authority.who
        )


@pytest.fixture
def both(program: Any) -> Programs:
    return Programs(program)


def test_an_order_is_drafted_written_and_agreed(both: Programs) -> None:
    match = both.stage.match()
    first = both.applicant.post(f"/my/matches/{match.pk}/order", {"kind": "service"}, 201)
    again = both.operator.post(f"/operator/matches/{match.pk}/order", {}, 201)
    assert again["id"] == first["id"]
    clauses = {row["group"]["id"]: row["clause"]["id"] for row in first["text"]["clauses"]}
    terms = WHOLE | {"kind": "service", "title": "沉淀线放大三批", "clauses": clauses}
    place = f"/operator/orders/{first['id']}/text"
    wrong = both.operator.ask(
        "PUT", place, {"terms": terms | {"ends": "2026-01-01"}, "seen": 1}, 422
    ).json()
    assert [p["code"] for p in wrong["problems"]] == ["days"]
    written = both.operator.ask("PUT", place, {"terms": terms, "seen": 1}).json()
    assert (written["version"], written["title"]) == (2, "沉淀线放大三批")
    both.operator.ask("PUT", place, {"terms": terms | {"title": "x"}, "seen": 1}, 409)
    both.applicant.ask("PUT", place, {"terms": terms, "seen": 2}, 403)
    for who, door in ((both.operator, "operator"), (both.applicant, "my")):
        who.post(f"/{door}/orders/{first['id']}/consents", {"digest": written["digest"]}, 201)
    bill = both.operator.post(
        f"/operator/orders/{first['id']}/bills", {"milestone": 0, "tax_percent": "6"}, 201
    )
    assert (bill["net"], bill["tax"], bill["gross"]) == ("33962.26", "2037.74", "36000.00")
    twice = both.operator.post(f"/operator/orders/{first['id']}/bills", {"milestone": 0}, 422)
    assert twice["problems"][0]["code"] == "billed"


def test_a_bill_is_adjusted_issued_and_taken_back(both: Programs) -> None:
    bill = both.stage.bill("1000.00").pk
    place = f"/operator/bills/{bill}"
    wrong = both.operator.post(f"{place}/adjustments", {"net": "-2000", "reason": "x"}, 422)
    assert wrong["problems"][0]["code"] == "negative"
    given = {"net": "-100.00", "reason": "按实际用时", "tax_percent": "6"}
    adjusted = both.operator.post(f"{place}/adjustments", given, 201)
    assert (adjusted["net"], adjusted["lines"][-1]["kind"]) == ("900.00", "adjustment")
    both.operator.post(f"{place}/issue", {"due": DUE.isoformat()})
    cancelled = both.operator.post(f"{place}/cancel", {"reason": "重开"})
    assert cancelled["state"] == "cancelled"
    assert CreditNote.objects.get().bill_id == bill
    other = both.stage.bill("500.00").pk
    assert both.operator.post(f"/operator/bills/{other}/drop")["state"] == "dropped"
    both.applicant.ask("POST", f"/operator/bills/{other}/drop", None, 403)


def test_a_rule_of_sharing_is_agreed(both: Programs) -> None:
    place = f"/operator/facilities/{both.stage.facility.code}"
    assert both.operator.get(f"{place}/share-rule") == {"number": 0, "parties": []}
    for kind, name in (("facility", "平台"), ("technical_staff", "技术团队")):
        known = both.operator.post(f"{place}/share-parties", {"kind": kind, "name": name}, 201)
    parts = [{"party": p["id"], "percent": "60"} for p in known["parties"]]
    wrong = both.operator.ask("PUT", f"{place}/share-rule", {"parts": parts, "seen": 0}, 422)
    assert wrong.json()["problems"]
    parts[1]["percent"] = "40"
    ruled = both.operator.ask("PUT", f"{place}/share-rule", {"parts": parts, "seen": 0}).json()
    assert (ruled["number"], [p["percent"] for p in ruled["parties"]]) == (1, ["60", "40"])
    both.operator.ask("PUT", f"{place}/share-rule", {"parts": parts, "seen": 0}, 409)
    both.operator.get("/operator/facilities/XX-0/share-rule", 404)


def test_a_dispute_from_opening_to_settlement(both: Programs) -> None:
    order = both.stage.agreed().pk
    given = {"subject": "样品偏差", "text": "两批样品的粒径高于约定范围"}
    opened = both.applicant.post(f"/my/orders/{order}/disputes", given, 201)
    both.operator.post(f"/operator/orders/{order}/disputes", given, 409)
    here = opened["id"]
    both.operator.post(f"/operator/disputes/{here}/entries", {"text": "同意复测"}, 201)
    both.operator.post(f"/operator/disputes/{here}/withdraw", {"text": "x"}, 404)
    both.authority.post(f"/authority/disputes/{here}/entries", {"text": "请提交原始记录"}, 201)
    done = both.authority.post(
        f"/authority/disputes/{here}/settle", {"outcome": "补做一批", "ends_order": True}
    )
    assert (done["state"], [e["kind"] for e in done["entries"]]) == (
        "settled",
        ["opening", "statement", "mediation", "settlement"],
    )
    for who, door in (
        (both.applicant, "my"), (both.operator, "operator"), (both.authority, "authority"),
    ):  # fmt: skip
        assert who.get(f"/{door}/disputes")["total"] == 1
        assert who.get(f"/disputes/{here}")["outcome"] == "补做一批"
    assert both.applicant.get(f"/my/orders/{order}")["state"] == "terminated"
    again = both.applicant.post(f"/my/disputes/{here}/withdraw", {"text": "x"}, 422)
    assert again["problems"][0]["code"] == "closed"


def test_strangers_see_no_dispute(both: Programs, program: Any) -> None:
    order = both.stage.agreed().pk
    given = {"subject": "样品偏差", "text": "粒径高于约定范围"}
    here = both.applicant.post(f"/my/orders/{order}/disputes", given, 201)["id"]
    stranger = program("applicant")
    stranger.get(f"/disputes/{here}", 404)
    stranger.post(f"/my/disputes/{here}/entries", {"text": "x"}, 404)
    assert stranger.get("/my/disputes")["total"] == 0


def test_the_lists_of_disputes_ask_as_often_for_three_as_for_one(both: Programs) -> None:
    counts = []
    for more in (1, 2):
        for _turn in range(more):
            order = both.stage.agreed().pk
            given = {"subject": "样品偏差", "text": "粒径高于约定范围"}
            both.applicant.post(f"/my/orders/{order}/disputes", given, 201)
        both.authority.get("/authority/disputes")
        with CaptureQueriesContext(connection) as caught:
            both.authority.get("/authority/disputes")
        counts.append(len(caught))
    assert counts[0] == counts[1]
