"""Who is told of pilot projects and of the steps on their way, once each and in both languages."""

from datetime import timedelta

import pytest
from django.utils import translation

from pilotline.desks.approvals import services
from pilotline.desks.journal.models import Delivery
from pilotline.desks.journal.services import deliver
from pilotline.desks.notices.models import Notice
from pilotline.desks.notices.rules import sentence
from pilotline.desks.people.queries import actor_for
from pilotline.desks.review import services as review
from pilotline.kernel.actor import SYSTEM
from tests import factories
from tests.factories import CITY, NOW, actor
from tests.factories_approvals import envelope, project, scene
from tests.factories_review import open_run

pytestmark = pytest.mark.usefixtures("rulebook")


def heard() -> None:
    """Deliver everything twice: a notice is written once all the same."""
    for _twice in range(2):
        Delivery.objects.update(status="waiting")
        for row in Delivery.objects.filter(handler__startswith="notices.").order_by("id"):
            deliver(row.pk, now=NOW)


def kinds(user: int) -> list[str]:
    return sorted(Notice.objects.filter(user_id=user).values_list("kind", flat=True))


def test_from_opening_to_a_permit_that_ends() -> None:
    on = scene()
    envelope(on, quantity="5000")
    province = actor("authority", region="370000")
    made = project(on)
    safety = open_run(made.proceeding, step="safety")
    services.decide(who=on.city, run=safety.pk, outcome="correct", reasons="请补充", now=NOW)
    technical = open_run(made.proceeding, step="technical")
    review.urge_step(who=province, run=technical.pk, kind="urge", words="请办", now=NOW)
    review.urge_step(who=province, run=technical.pk, kind="supervise", words="", now=NOW)
    review.escalate_late(now=NOW + timedelta(days=60))
    filed = project(on, "filing")
    for outcome in ("agree", "file"):
        run = open_run(filed.proceeding)
        services.decide(who=on.city, run=run.pk, outcome=outcome, reasons="可行", now=NOW)
    permit = services.start_running(who=on.applicant, project=filed.pk, since=NOW.date(), now=NOW)
    services.remind_permits(now=NOW + timedelta(days=172))
    services.ask_extension(
        who=on.applicant, permit=permit.pk, until=permit.ends + timedelta(days=30),
        reasons="未完", now=NOW,
    )  # fmt: skip
    services.answer_extension(who=on.city, permit=permit.pk, grants=False, answer="不", now=NOW)
    services.withdraw_project(who=on.applicant, project=made.pk, now=NOW)
    heard()
    applicant, operator, city = kinds(on.applicant.id), kinds(on.operator.id), kinds(on.city.id)
    for kind in ("step.asked", "permit.ending", "permit.denied", "project.decided"):
        assert applicant.count(kind) == 1
    assert applicant.count("project.opened") == 2
    assert {"project.here", "project.decided", "project.withdrawn", "permit.ending"} <= set(
        operator
    )
    assert {"project.arrived", "step.urged", "step.supervised", "step.late"} <= set(city)
    assert {"permit.asked", "project.withdrawn"} <= set(city)
    late = Notice.objects.filter(user=province.id, kind="step.late").first()
    for language in ("zh-hans", "en"):
        with translation.override(language):
            for notice in Notice.objects.all():
                words = sentence(notice.kind, notice.facts)
                assert "{" not in words
                assert "—" not in words, words
    assert late is not None
    assert late.subject_kind == "proceeding"


def test_conditions_are_told_before_and_after_their_day() -> None:
    on = scene()
    made = project(on)
    for run in list(made.proceeding.runs.filter(state="open")):
        services.decide(who=on.city, run=run.pk, outcome="pass", now=NOW)
    due = NOW.date() + timedelta(days=5)
    services.decide(
        who=on.city, run=open_run(made.proceeding).pk, outcome="approve_on_terms",
        reasons="附条件", conditions=[("补充协议", due)], now=NOW,
    )  # fmt: skip
    condition = made.conditions.get()
    services.remind_conditions(now=NOW)
    services.remind_conditions(now=NOW + timedelta(days=14))
    given = {"who": on.applicant, "condition": condition.pk, "now": NOW}
    services.report_condition(**given, report="已补")
    services.answer_condition(
        who=on.city, condition=condition.pk, met=False, answer="缺附件", now=NOW
    )
    services.report_condition(**given, report="附件已补")
    services.answer_condition(who=on.city, condition=condition.pk, met=True, now=NOW)
    heard()
    applicant = kinds(on.applicant.id)
    assert "condition.due" in applicant
    assert (applicant.count("condition.lacking"), applicant.count("condition.met")) == (1, 1)
    # Two reports in one minute are two.
    assert kinds(on.city.id).count("condition.reported") == 2


def test_seated_officials_are_told_and_no_others() -> None:
    on = scene()
    made = project(on)
    run = open_run(made.proceeding, step="technical")
    user = factories.person("authority", region=CITY)
    review.give_seat(who=SYSTEM, user=user.pk, body=run.body, region=CITY, now=NOW)
    province = actor("authority", region="370000")
    review.urge_step(who=province, run=run.pk, kind="urge", words="请办", now=NOW)
    heard()
    assert "step.urged" in kinds(actor_for(user).id)
    assert "step.urged" not in kinds(on.city.id)
