"""Orders: drafted from a match, changed by either side, agreed by both to the very same text."""

from typing import Any

import pytest
from django.db import Error, transaction

from pilotline.desks.journal.models import Happening
from pilotline.desks.settlement import queries, services
from pilotline.desks.settlement.forms import missing, terms_of
from pilotline.desks.settlement.models import Consent, Order, OrderVersion
from pilotline.desks.settlement.rules import digest_of_content
from pilotline.kernel.errors import Conflict, NotAllowed, NotFound, Refused
from tests.factories import NOW, OTHER_CITY, actor
from tests.factories_settlement import WHOLE, Stage

pytestmark = pytest.mark.usefixtures("rulebook")
DAY = NOW.date()


@pytest.fixture
def stage() -> Stage:
    return Stage()


def codes(error: pytest.ExceptionInfo[Refused]) -> list[tuple[str, str]]:
    return [(problem.code, problem.field) for problem in error.value.problems]


def change(stage: Stage, order: Order, **more: Any) -> Order:
    raw = terms_of(queries.latest(order=order).content) | more
    return services.change_order(
        who=stage.applicant,
        order=order.pk,
        side="applicant",
        terms=raw,
        seen=order.version,
        note="调整",
        now=NOW,
    )


def test_a_draft_knows_what_the_match_knows(stage):
    order = stage.draft()
    content = queries.latest(order=order).content
    assert order.number == "DD-2026-000001"
    assert content["parties"]["applicant"]["name"] == order.applicant.name
    assert content["facility"]["zh"] == stage.facility.name
    assert order.case.title in content["scope"]
    assert "反应" in content["scope"] or "L" in content["scope"]
    groups = {row["group"]["id"] for row in content["clauses"]}
    assert groups >= {"acceptance", "ownership", "confidentiality", "liability", "disagreement"}
    assert {p.field for p in missing(order=order, day=DAY)} == {"deliverables", "price", "starts"}
    again = services.draft_order(who=stage.operator, match=order.match_id, side="operator", now=NOW)
    assert again.pk == order.pk


def test_only_a_side_of_an_agreed_match_drafts(stage):
    match = stage.match()
    with pytest.raises(NotFound):
        services.draft_order(who=actor(), match=match.pk, side="applicant", now=NOW)
    with pytest.raises(NotAllowed):
        services.draft_order(who=stage.operator, match=match.pk, side="applicant", now=NOW)
    with pytest.raises(Refused) as refused:
        services.draft_order(
            who=stage.applicant, match=match.pk, side="applicant", kind="unheard", now=NOW
        )
    assert codes(refused) == [("kind", "kind")]


def test_both_agree_to_the_same_text(stage):
    order = stage.whole(stage.draft())
    text = queries.latest(order=order)
    assert text.digest == digest_of_content(text.content)
    order = stage.agree(order, "operator")
    assert (order.state, order.waiting_for) == ("draft", "applicant")
    stage.agree(order, "operator")
    order = stage.agree(order, "applicant")
    assert (order.state, order.agreed_version, order.waiting_for) == ("agreed", 2, "")
    paper = queries.paper(who=stage.authority, id=order.pk)
    assert [(c["side"], c["digest"]) for c in paper["consents"]] == [
        ("operator", text.digest),
        ("applicant", text.digest),
    ]
    (news,) = Happening.objects.filter(name="OrderAgreed")
    assert (news.payload["digest"], news.payload["amendment"]) == (text.digest, False)
    assert text.content["price_capitals"] == "壹拾贰万元整"


def test_a_change_after_consent_asks_again(stage):
    order = stage.whole(stage.draft())
    seen = queries.latest(order=order).digest
    stage.agree(order, "operator")
    order = change(stage, order, extra="样品由委托方自提。")
    assert (order.state, order.waiting_for) == ("draft", "both")
    with pytest.raises(Conflict):
        stage.agree(order, "operator", digest=seen)
    order = stage.agree(order, "applicant")
    assert order.state == "draft"
    assert stage.agree(order, "operator").state == "agreed"


def test_who_read_an_older_text_does_not_overwrite_a_newer_one(stage):
    order = stage.draft()
    old = order.version
    change(stage, order, extra="甲")
    order.refresh_from_db()
    order.version = old
    with pytest.raises(Conflict):
        change(stage, order, extra="乙")
    order.refresh_from_db()
    assert change(stage, order).version == order.version == old + 1


def test_nobody_agrees_to_half_a_text(stage):
    order = stage.draft()
    with pytest.raises(Refused) as refused:
        stage.agree(order, "applicant")
    assert {field for _code, field in codes(refused)} == {"deliverables", "price", "starts"}
    assert Consent.objects.count() == 0


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ({"price": "-1"}, ("negative", "price")),
        ({"price": "1.005"}, ("fen", "price")),
        ({"price": "much"}, ("amount", "price")),
        ({"price": "1e20"}, ("amount", "price")),
        ({"milestones": [{"title": "x", "payment": "-5"}]}, ("negative", "milestones")),
        ({"milestones": [{"title": "x", "due": "2027-02-29"}]}, ("day", "milestones")),
        ({"milestones": "x"}, ("rows", "milestones")),
        ({"starts": "2027-02-01", "ends": "2027-01-01"}, ("days", "ends")),
        ({"clauses": {"liability": "liability_own_part"}}, ("clause", "clause_liability")),
        ({"kind": "barter"}, ("kind", "kind")),
        ({"shares": {"applicant": "120"}}, ("share", "shares")),
        ({"title": "x" * 201}, ("long", "title")),
        ({"scope": "a\x07b"}, ("characters", "scope")),
    ],
)
def test_what_cannot_stand_is_refused_even_in_a_draft(stage, given, wanted):
    order = stage.draft()
    with pytest.raises(Refused) as refused:
        change(stage, order, **given)
    assert wanted in codes(refused)
    assert OrderVersion.objects.count() == 1


@pytest.mark.parametrize(
    ("kind", "given", "wanted"),
    [
        ("service", {"price": "1"}, {"milestones"}),
        ("service", {"shares": {"applicant": "50", "operator": "50"}}, {"shares"}),
        ("joint", {"price": None, "shares": {"applicant": "60", "operator": "39.99"}}, {"shares"}),
        ("joint", {"price": None, "milestones": []}, {"price"}),
        (
            "service",
            {"clauses": {}},
            {
                "clause_acceptance",
                "clause_payment",
                "clause_ownership",
                "clause_confidentiality",
                "clause_data",
                "clause_safety",
                "clause_liability",
                "clause_disagreement",
            },
        ),
    ],
)
def test_what_is_lacking_is_told_all_at_once(stage, kind, given, wanted):
    order = stage.whole(stage.draft(kind=kind), **given)
    assert {problem.field for problem in missing(order=order, day=DAY)} == wanted


def test_joint_development_may_share_instead_of_paying(stage):
    shares = {"applicant": "60", "operator": "40"}
    order = stage.agreed(
        kind="joint", price=None, milestones=[], shares=shares, clauses=joint_clauses(stage)
    )
    content = queries.version(order=order).content
    assert (order.kind, order.price, content["shares"]) == ("joint", None, shares)


def joint_clauses(stage: Stage) -> dict[str, str]:
    from pilotline.desks.journal.queries import current_rulebook
    from pilotline.desks.settlement.forms import first_clauses

    return first_clauses(current_rulebook(), "joint", DAY)


def test_an_amendment_is_agreed_by_both(stage):
    order = stage.agreed()
    with pytest.raises(Refused) as refused:
        services.change_order(
            who=stage.operator,
            order=order.pk,
            side="operator",
            seen=order.version,
            terms=terms_of(queries.latest(order=order).content) | {"ends": "2027-02-28"},
            now=NOW,
        )
    assert codes(refused) == [("note", "note")]
    order = change(stage, order, ends="2027-02-28")
    assert (order.state, order.agreed_version, order.version) == ("agreed", 2, 3)
    with pytest.raises(Refused):
        services.complete_order(who=stage.applicant, order=order.pk, now=NOW)
    stage.agree(order, "applicant")
    order = stage.agree(order, "operator")
    assert (order.agreed_version, order.ends.isoformat()) == (3, "2027-02-28")
    assert [h.payload["amendment"] for h in Happening.objects.filter(name="OrderAgreed")] == [
        False,
        True,
    ]
    assert queries.version(order=order).content["amends"] == 2


def test_an_amendment_may_be_dropped(stage):
    order = change(stage, stage.agreed(), ends="2027-02-28")
    order = services.drop_amendment(who=stage.operator, order=order.pk, side="operator", now=NOW)
    assert (order.version, order.ends.isoformat()) == (2, WHOLE["ends"])
    assert change(stage, order, ends="2027-03-31").version == 4
    order = services.complete_order(who=stage.applicant, order=stage.agreed().pk, now=NOW)
    assert order.state == "completed"


@pytest.mark.parametrize("state", ["withdrawn", "completed"])
def test_what_has_ended_is_not_changed(stage, state):
    if state == "withdrawn":
        order = services.withdraw_order(
            who=stage.operator, order=stage.draft().pk, side="operator", reason="排期变化", now=NOW
        )
    else:
        order = services.complete_order(who=stage.applicant, order=stage.agreed().pk, now=NOW)
    with pytest.raises(Refused):
        change(stage, order, extra="x")
    with pytest.raises(Refused):
        stage.agree(order, "applicant")
    with pytest.raises(Refused):
        services.drop_amendment(who=stage.operator, order=order.pk, side="operator", now=NOW)


def test_others_do_not_see_it(stage):
    order = stage.draft()
    for stranger in (actor(), actor("operator"), actor("authority", region=OTHER_CITY)):
        with pytest.raises(NotFound):
            queries.order(who=stranger, id=order.pk)
        with pytest.raises(NotFound):
            services.agree(who=stranger, order=order.pk, side="applicant", digest="", now=NOW)
    with pytest.raises(NotAllowed):
        services.agree(who=stage.applicant, order=order.pk, side="operator", digest="", now=NOW)
    assert queries.order(who=stage.authority, id=order.pk) == order
    with pytest.raises(NotFound):
        services.agree(who=stage.authority, order=order.pk, side="applicant", digest="", now=NOW)


def test_a_consent_is_for_ever(stage):
    order = stage.agreed()
    consents = Consent.objects.filter(version__order=order)
    with pytest.raises(Error, match="append-only"), transaction.atomic():
        consents.update(author_name="另一人")
    with pytest.raises(Error, match="append-only"), transaction.atomic():
        consents.delete()


def test_a_dispute_is_mediated_by_the_authority(stage):
    order = stage.agreed()
    case = services.open_dispute(
        who=stage.applicant,
        order=order.pk,
        side="applicant",
        subject="粒径不达标",
        text="三批样品 D50 均为 14 μm。",
        now=NOW,
    )
    with pytest.raises(Conflict):
        services.open_dispute(
            who=stage.operator, order=order.pk, side="operator", subject="x", text="y", now=NOW
        )
    services.write_in_dispute(
        who=stage.operator, dispute=case.pk, side="operator", text="可补做一批。", now=NOW
    )
    with pytest.raises(NotAllowed):
        services.settle_dispute(who=stage.operator, dispute=case.pk, outcome="算了", now=NOW)
    with pytest.raises(NotFound):
        services.write_in_dispute(
            who=actor(), dispute=case.pk, side="applicant", text="路过", now=NOW
        )
    services.write_in_dispute(
        who=stage.authority, dispute=case.pk, side="authority", text="建议补做。", now=NOW
    )
    case = services.settle_dispute(
        who=stage.authority, dispute=case.pk, outcome="补做一批,费用各半。", now=NOW
    )
    found = queries.dispute(who=stage.applicant, id=case.pk)
    kinds = ["opening", "statement", "mediation", "settlement"]
    assert [entry.kind for entry in found.entries.all()] == kinds
    assert found.state == "settled"
    with pytest.raises(Refused):
        services.withdraw_dispute(who=stage.applicant, dispute=case.pk, text="x", now=NOW)


def test_a_settled_dispute_may_end_the_order(stage):
    order = stage.agreed()
    opened = services.open_dispute(
        who=stage.operator, order=order.pk, side="operator", subject="逾期", text="未付款", now=NOW
    )
    services.settle_dispute(
        who=stage.authority, dispute=opened.pk, outcome="双方终止", ends_order=True, now=NOW
    )
    order.refresh_from_db()
    assert (order.state, order.reason) == ("terminated", opened.number)
