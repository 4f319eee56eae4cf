"""Who is told what, once, in which language; mail that fails is tried again."""

from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection
from django.utils import translation

from pilotline.desks.approvals import events as approvals_events
from pilotline.desks.demand import events as demand_events
from pilotline.desks.journal import events as journal_events
from pilotline.desks.journal import services as journal
from pilotline.desks.journal.events import HANDLERS, telling_of
from pilotline.desks.journal.models import Delivery, Happening
from pilotline.desks.matching import events as matching_events
from pilotline.desks.matching import services as matching
from pilotline.desks.notices import queries, services
from pilotline.desks.notices.models import Notice
from pilotline.desks.notices.rules import SENTENCES, mail_subject, sentence
from pilotline.desks.people import events as people_events
from pilotline.desks.people import services as people
from pilotline.desks.people.queries import actor_for
from pilotline.desks.registry import events as registry_events
from pilotline.desks.registry import services as registry
from pilotline.desks.registry.models import Facility
from pilotline.desks.review import events as review_events
from pilotline.gateways.messages.mail import DjangoMailer
from pilotline.kernel.actor import NOBODY, SYSTEM
from pilotline.kernel.errors import NotFound
from pilotline.kernel.event import Event
from tests.factories import NOW, organisation, person, user
from tests.factories_matching import operated, read_need, talk, with_reactor

pytestmark = pytest.mark.usefixtures("rulebook")


class Broken:
    """A mail server that never answers."""

    def __init__(self) -> None:
        self.tries = 0

    def send(self, *, to: str, subject: str, text: str, link: str) -> None:
        self.tries += 1
        raise ConnectionRefusedError("no answer")


def told(who_id: int, key: str = "k") -> int:
    return services.tell(
        users=[who_id, who_id],
        kind="match.agreed",
        facts={"number": "XQ-2026-000001", "facility": "海岱平台"},
        subject=("match", 1),
        key=key,
        now=NOW,
    )


def kinds_of(user_id: int) -> set[str]:
    return set(Notice.objects.filter(user_id=user_id).values_list("kind", flat=True))


def test_one_key_is_one_notice_however_often_it_is_delivered() -> None:
    reader = user()
    told(reader.pk)
    told(reader.pk)
    assert Notice.objects.filter(user=reader).count() == 1
    assert queries.unread_count(who=actor_for(reader)) == 1


def test_everybody_reads_only_their_own() -> None:
    mine, other = user(), user()
    told(mine.pk)
    notice = Notice.objects.get()
    with pytest.raises(NotFound):
        queries.notice(who=actor_for(other), id=notice.pk)
    assert services.mark_read(who=actor_for(other), ids=[notice.pk], now=NOW) == 0
    assert services.mark_read(who=actor_for(mine), now=NOW) == 1
    assert queries.unread_count(who=actor_for(mine)) == 0


def test_what_is_old_is_read_and_what_is_new_is_not() -> None:
    who = actor_for(user())
    told(who.id)
    until = NOW - timedelta(seconds=1)
    assert services.mark_read(who=who, until=until, now=NOW) == 0
    assert services.mark_read(who=who, until=NOW, now=NOW) == 1


def test_mail_is_in_the_readers_language_and_sent_once() -> None:
    chinese, english = user(language="zh-hans"), user(language="en")
    told(chinese.pk)
    told(english.pk)
    assert services.send_mails(mailer=DjangoMailer(), now=NOW) == 2
    assert services.send_mails(mailer=DjangoMailer(), now=NOW) == 0
    subjects = {sent.to[0]: sent.subject for sent in mail.outbox}
    assert "对接成功" in subjects[chinese.email]
    assert "are matched" in subjects[english.email]
    assert all("/shared/notices/" in sent.body for sent in mail.outbox)


def test_a_mail_greets_and_says_what_it_is_about() -> None:
    told(user(language="zh-hans", name="王工").pk)
    services.send_mails(mailer=DjangoMailer(), now=NOW)
    lines = mail.outbox[0].body.splitlines()
    assert lines[0] == "王工，您好："
    assert "对接成功" in lines[2]
    assert "请勿回复" in lines[4]
    assert lines[5].endswith(f"/shared/notices/{Notice.objects.get().pk}/")


def test_who_gave_no_name_is_greeted_by_the_log_in() -> None:
    reader = user(language="zh-hans")
    reader.name = ""  # as another identity service may leave it
    reader.save()
    told(reader.pk)
    services.send_mails(mailer=DjangoMailer(), now=NOW)
    assert mail.outbox[0].body.startswith(f"{reader.username}，您好：")


def test_invented_people_get_no_mail() -> None:
    told(user(is_demo=True).pk)
    assert services.send_mails(mailer=DjangoMailer(), now=NOW) == 0
    assert mail.outbox == []


def test_money_is_told_as_people_write_it() -> None:
    with translation.override("zh-hans"):
        said = sentence("bill.drafted", {"number": None, "gross": "18650.00"})
        assert "18,650 元" in said
        assert "1,200.50 元" in sentence("quotation.accepted", {"number": "1", "total": "1200.50"})


def test_a_mail_that_fails_is_tried_again_and_then_given_up() -> None:
    told(user().pk)
    broken = Broken()
    for _ in range(services.MAIL_ATTEMPTS + 3):
        services.send_mails(mailer=broken, now=NOW)
    assert broken.tries == services.MAIL_ATTEMPTS
    assert Notice.objects.get().mail_error == "no answer"


def test_old_news_is_not_mailed() -> None:
    told(user().pk)
    assert services.send_mails(mailer=DjangoMailer(), now=NOW + timedelta(days=4)) == 0


def test_a_notice_bears_the_time_of_what_it_tells_of() -> None:
    with telling_of(NOW - timedelta(days=5)):
        told(user().pk)
    assert Notice.objects.get().at == NOW - timedelta(days=5)
    assert services.send_mails(mailer=DjangoMailer(), now=NOW) == 0


def test_every_sentence_can_be_said_with_and_without_its_facts() -> None:
    for language in ("zh-hans", "en"):
        with translation.override(language):
            for kind in SENTENCES:
                assert "{" not in sentence(kind, {})
            assert len(mail_subject("case.accepted", {"title": "长" * 500})) == 120


@pytest.mark.django_db(transaction=True)
def test_the_news_of_a_talk_reaches_the_other_side() -> None:
    operator_user = person("operator")
    operator, facility = operated(actor_for(operator_user))
    line = with_reactor(operator, facility)
    applicant_user = person()
    authority = person("authority")
    applicant = actor_for(applicant_user)
    case = read_need(applicant)
    assert kinds_of(applicant_user.pk) >= {"case.accepted", "shortlist.ready"}
    assert "case.arrived" in kinds_of(authority.pk)
    match = talk(applicant, operator, facility, line, case)
    assert "match.asked" in kinds_of(operator_user.pk)
    matching.say(who=operator, match=match.pk, side="operator", move="accept", now=NOW)
    assert "match.accepted" in kinds_of(applicant_user.pk)
    matching.say(who=applicant, match=match.pk, side="applicant", move="consent", now=NOW)
    for reader in (applicant_user, operator_user, authority):
        assert "match.agreed" in kinds_of(reader.pk)


@pytest.mark.django_db(transaction=True)
def test_a_registration_reaches_the_authority_and_its_answer_the_owner() -> None:
    authority, owner = person("authority"), user()
    made = organisation(owner=owner)
    assert "organisation.registered" in kinds_of(authority.pk)
    assert "organisation.confirmed" in kinds_of(owner.pk)
    assert Notice.objects.filter(subject_id=str(made.pk)).exists()


def test_nobody_has_no_notices() -> None:
    assert queries.unread_count(who=NOBODY) == 0


@pytest.mark.django_db(transaction=True)
def test_a_tier_and_a_claim_reach_those_whom_they_concern() -> None:
    authority, holder = person("authority"), person("operator")
    who, facility = operated(actor_for(holder))
    registry.decide_tier(
        who=actor_for(authority),
        code=facility.code,
        tier="provincial_level",
        since=NOW.date(),
        decided_by="省工业和信息化厅",
        now=NOW,
    )
    [tier] = Notice.objects.filter(user=holder, kind="tier.decided")
    with translation.override("zh-hans"):
        assert "省级" in sentence(tier.kind, tier.facts)
    with translation.override("en"):
        assert "rovincial" in sentence(tier.kind, tier.facts)
    listed = listed_facility()
    for confirmed, kind in ((False, "claim.refused"), (True, "claim.confirmed")):
        claim = registry.claim_facility(
            who=who, code=listed.code, organisation=min(who.organisations), reason="自建", now=NOW
        )
        assert Notice.objects.filter(user=authority, key=f"claim.asked:{claim.pk}").exists()
        registry.answer_claim(
            who=actor_for(authority), claim=claim.pk, confirmed=confirmed, answer="核实", now=NOW
        )
        assert kind in kinds_of(holder.pk)


def listed_facility() -> Facility:
    """One of an official list, which nobody operates."""
    return Facility.objects.create(
        code="PT-2026-900001",
        name="名录上的平台",
        region="370100",
        status="published",
        is_public_fact=True,
        version=1,
        created_at=NOW,
        updated_at=NOW,
    )


@pytest.mark.django_db(transaction=True)
def test_who_comes_goes_or_gets_a_role_is_no_secret_to_those_concerned() -> None:
    owner, colleague = person(), user()
    made = min(actor_for(owner).organisations)
    _one, code = people.invite_member(who=actor_for(owner), organisation=made, now=NOW)
    people.accept_invitation(who=actor_for(colleague), code=code, now=NOW)
    assert "member.joined" in kinds_of(owner.pk)
    people.remove_member(who=actor_for(owner), organisation=made, user=colleague.pk, now=NOW)
    assert kinds_of(colleague.pk) == {"member.removed"}
    for given in (people.grant_role, people.revoke_role):
        given(who=SYSTEM, user=colleague.pk, role="authority", region="370100", now=NOW)
    told_of = Notice.objects.filter(user=colleague, kind__startswith="role.").order_by("id")
    assert [n.kind for n in told_of] == ["role.authority.given", "role.authority.taken"]
    with translation.override("zh-hans"):
        assert "济南" in sentence(told_of[0].kind, told_of[0].facts)


@pytest.mark.django_db(transaction=True)
def test_stuck_news_and_a_planted_change_reach_the_operator_of_the_system() -> None:
    keeper = person("sysop")
    happening = Happening.objects.create(name="NobodyKnowsIt", payload={}, at=NOW)
    row = Delivery.objects.create(happening=happening, handler="none", due=NOW)
    for _ in range(journal.MAX_ATTEMPTS):
        journal.deliver(row.pk, now=NOW)
    assert "news.stuck" in kinds_of(keeper.pk)
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("UPDATE journal_entry SET actor_name = 'someone else'")
        cursor.execute("SET session_replication_role = origin")
    journal.check_chain(now=NOW)
    assert "journal.faulty" in kinds_of(keeper.pk)


def test_all_news_of_the_first_desks_is_for_somebody() -> None:
    """News that nobody is told of must be named here with its reason."""
    untold = {
        "CatalogueChanged",  # for the search; those concerned made the change themselves
        "ProceedingOpened", "ProceedingEnded",  # the desk whose subject it is tells
        "StepOpened",  # it lies in the inbox of whoever it waits for
        "AssignmentAnswered", "SheetSubmitted",  # the panel's page; what falls away is told
        "PanelClosed",  # the authority closed it itself
    }  # fmt: skip
    desks = (journal_events, people_events, registry_events, demand_events, matching_events)
    for desk in (*desks, review_events, approvals_events):
        for name, kind in vars(desk).items():
            if isinstance(kind, type) and issubclass(kind, Event) and kind is not Event:
                told_by = [h for h in HANDLERS.get(name, {}) if h.startswith("notices.")]
                assert bool(told_by) != (name in untold), name
