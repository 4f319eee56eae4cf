"""Who is told what of calls, once, and where a notice leads."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from pilotline.desks.calls import events, services
from pilotline.desks.journal.events import HANDLERS
from pilotline.desks.journal.services import deliver_due
from pilotline.desks.notices.models import Notice
from pilotline.desks.notices.rules import SENTENCES, sentence
from pilotline.desks.people.models import User
from pilotline.desks.people.queries import actor_for
from pilotline.kernel.actor import SYSTEM
from pilotline.kernel.event import Event
from tests.factories import NOW, actor, person
from tests.factories_calls import LATER, applied, begun, marked, opened
from tests.factories_matching import operated

pytestmark = pytest.mark.usefixtures("rulebook")
AFTER = LATER + timedelta(days=20)


def told(user) -> set[str]:
    deliver_due(now=AFTER)
    number = user.pk if isinstance(user, User) else user.id
    return set(Notice.objects.filter(user=number).values_list("kind", flat=True))


def test_all_news_of_calls_is_for_somebody() -> None:
    for name, kind in vars(events).items():
        if isinstance(kind, type) and issubclass(kind, Event) and kind is not Event:
            assert [h for h in HANDLERS.get(name, {}) if h.startswith("notices.")], name


def test_a_new_call_is_told_to_operators_and_to_earlier_applicants() -> None:
    owner = person("operator")
    operated(actor_for(owner))
    stranger, earlier = person(), actor()
    applied(opened(), who=earlier)
    opened("tier")
    opened()
    assert "call.opened" in told(owner)
    assert "call.opened" in told(earlier)
    assert "call.opened" not in told(stranger)


def test_from_acceptance_to_the_verdict_on_a_milestone() -> None:
    official, other = person("authority"), actor("known")
    call = opened("challenge")
    who, made = applied(call)
    assert "application.accepted" in told(who)
    assert "call.arrived" in told(official)
    marked(call, {made: 90})
    services.make_list(who=SYSTEM, call=call.pk, now=LATER)
    services.open_notice(who=SYSTEM, call=call.pk, now=LATER)
    objection = services.raise_objection(
        who=other, call=call.pk, text="该方案指标与公开论文不一致，请核实。", now=LATER
    )
    assert "call.notice" in told(who)
    assert "objection.raised" in told(official)
    services.answer_objection(
        who=SYSTEM,
        objection=objection.pk,
        upheld=False,
        answer="已请专家复核，指标无误。",
        now=LATER,
    )
    services.publish_results(who=SYSTEM, call=call.pk, now=AFTER)
    assert {"objection.answered", "call.results"} <= told(other)
    assert "application.granted" in told(who)
    milestone = made.milestones.get()
    services.report_milestone(who=who, milestone=milestone.pk, report="完成三批", now=AFTER)
    services.judge_milestone(
        who=SYSTEM, milestone=milestone.pk, passed=False, verdict="缺检测报告", now=AFTER
    )
    services.enter_test(
        who=SYSTEM, application=made.pk, measured={0: 80}, proof="检测报告", now=AFTER
    )
    assert "milestone.reported" in told(official)
    assert {"milestone.failed", "goals.missed"} <= told(who)


def test_partners_seats_and_who_leaves() -> None:
    official, lead, partner = person("authority"), actor(), actor()
    _lead, made = begun(opened("joint"), who=lead)
    ours, theirs = min(lead.organisations), min(partner.organisations)
    named = [
        {"organisation": ours, "task": "牵头", "share": "60"},
        {"organisation": theirs, "task": "检测", "share": "40"},
    ]
    services.name_partners(who=lead, application=made.pk, partners=named, now=NOW)
    assert "partner.asked" in told(partner)
    services.answer_partnership(
        who=partner, application=made.pk, organisation=theirs, agree=False, now=NOW
    )
    assert "partner.declined" in told(lead)
    event = opened("event")
    first, one = applied(event, seats="3")
    second, _two = applied(event, seats="1")
    assert "application.waiting" in told(second)
    services.withdraw_application(who=first, application=one.pk, reason="改期", now=NOW)
    assert "application.seated" in told(second)
    assert "call.left" in told(official)
    services.cancel_call(who=SYSTEM, call=event.pk, reason="场地不可用", now=NOW)
    assert "call.cancelled" in told(second)


def test_a_notice_leads_to_what_it_is_about() -> None:
    owner = person()
    call = opened()
    _who, made = applied(call, who=actor_for(owner))
    told(owner)
    client = Client()
    client.force_login(owner)
    found = Notice.objects.get(user=owner, kind="application.accepted")
    to = client.get(reverse("shared:notice", args=[found.pk])).headers["Location"]
    assert to == reverse("applicant:application", args=[made.pk])
    with translation.override("zh-hans"):
        assert made.number in sentence(found.kind, found.facts)
    assert {"call.opened", "plan.ready"} <= set(SENTENCES)
