"""A conflict by name alone: set aside by two officials, never by one, and never more than that."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from pilotline.desks.journal.models import Delivery
from pilotline.desks.journal.queries import history
from pilotline.desks.journal.services import deliver
from pilotline.desks.notices.models import Notice
from pilotline.desks.people.models import Membership
from pilotline.desks.people.queries import actor_for
from pilotline.desks.review import queries, services
from pilotline.desks.review.models import Assignment, Namesake, PanelItem
from pilotline.kernel.actor import SYSTEM
from pilotline.kernel.errors import Conflict, NotAllowed, NotFound, Refused
from tests import factories, factories_experts
from tests.factories import NOW
from tests.factories_experts import actor_of, item, panel

pytestmark = pytest.mark.usefixtures("rulebook")
WORDS = "两人单位不同，身份证号已核对"


def scene(**given):
    """A panel whose only item bars an expert by a co-author's name, and two officials."""
    expert = factories_experts.expert()
    work = {"kind": "work", "title": "合作论文", "names": ["赵敏"], "since": date(2026, 3, 1)}
    services.add_bond(who=actor_of(expert), bond=work, now=NOW)
    applicant = factories.organisation()
    panel(item(organisation=applicant.pk, people=["赵敏"], **given))
    return (
        expert,
        PanelItem.objects.get(),
        factories.actor("authority"),
        factories.actor("authority"),
    )


def stated(expert, thing, who, words=WORDS):
    return services.state_namesake(who=who, item=thing.pk, expert=expert.pk, words=words, now=NOW)


def add(expert, thing):
    return services.add_by_hand(who=SYSTEM, item=thing.pk, expert=expert.pk, now=NOW)


def codes(caught):
    return [problem.code for problem in caught.value.problems]


def test_nothing_changes_before_a_second_official_confirms():
    expert, thing, first, second = scene()
    made = stated(expert, thing, first)
    with pytest.raises(Refused):
        add(expert, thing)
    with pytest.raises(Refused) as caught:
        services.confirm_namesake(who=first, namesake=made.pk, now=NOW)
    assert codes(caught) == ["four-eyes"]
    services.confirm_namesake(who=second, namesake=made.pk, now=NOW)
    assert add(expert, thing).state == "proposed"
    assert services.confirm(who=SYSTEM, panel=thing.panel_id, now=NOW) == 1
    (pair,) = queries.panel_conflicts(panel=thing.panel, now=NOW)
    assert [(r["bars"], r["set_aside"]) for r in pair[1]] == [(False, made.pk)]


def test_everybody_who_may_confirm_is_told_and_who_stated_is_not():
    expert, thing, first, second = scene()
    stated(expert, thing, first)
    for row in Delivery.objects.filter(handler__endswith="tell_who_may_confirm"):
        deliver(row.pk, now=NOW)
    told = Notice.objects.filter(kind="review.namesake").values_list("user_id", flat=True)
    assert list(told) == [second.id]


def test_the_database_itself_wants_two():
    expert, thing, first, _second = scene()
    made = stated(expert, thing, first)
    with pytest.raises(IntegrityError), transaction.atomic():
        Namesake.objects.filter(pk=made.pk).update(confirmed_by=first.id)


def test_clicked_twice_it_is_done_once_and_leaves_one_trail():
    expert, thing, first, second = scene()
    assert stated(expert, thing, first).pk == stated(expert, thing, first).pk
    with pytest.raises(Conflict):
        stated(expert, thing, second)
    made = Namesake.objects.get()
    for _click in range(2):
        services.confirm_namesake(who=second, namesake=made.pk, now=NOW)
    with pytest.raises(Conflict):
        services.confirm_namesake(who=factories.actor("authority"), namesake=made.pk, now=NOW)
    kept = [e.action for e in history(kind="panel", id=thing.panel_id)]
    assert kept.count("review.state_namesake") == kept.count("review.confirm_namesake") == 1
    (entry,) = (
        e for e in history(kind="panel", id=thing.panel_id) if e.action.endswith("state_namesake")
    )
    assert (entry.after["words"], entry.after["expert"]) == (WORDS, expert.pk)


def test_only_a_name_can_be_set_aside():
    """Whoever holds shares as well, or is found by record, stays barred; so does who has none."""
    expert, thing, first, second = scene()
    holding = {"kind": "holding", "name": thing.organisation.name, "share": 10}
    services.add_bond(who=actor_of(expert), bond=holding, now=NOW)
    stranger = factories_experts.expert()
    for who, code in ((expert, "stands"), (stranger, "no-conflict")):
        with pytest.raises(Refused) as caught:
            stated(who, thing, first)
        assert codes(caught) == [code]
    with pytest.raises(Refused) as caught:
        stated(expert, thing, second, words="不是")
    assert codes(caught) == ["stands", "words"]


def test_what_is_found_later_bars_again():
    expert, thing, first, second = scene()
    services.confirm_namesake(who=second, namesake=stated(expert, thing, first).pk, now=NOW)
    work = {"kind": "work", "title": "又一篇", "names": ["赵敏"], "since": date(2026, 5, 1)}
    services.add_bond(who=actor_of(expert), bond=work, now=NOW)
    with pytest.raises(Refused):
        add(expert, thing)


def test_revoked_it_counts_again_and_the_assignment_goes_to_somebody_else():
    expert, thing, first, second = scene(wanted=1)
    spare = factories_experts.expert()
    made = stated(expert, thing, first)
    services.confirm_namesake(who=second, namesake=made.pk, now=NOW)
    add(expert, thing)
    services.confirm(who=SYSTEM, panel=thing.panel_id, now=NOW)
    with pytest.raises(Refused) as caught:
        services.end_namesake(who=first, namesake=made.pk, words=" ", now=NOW)
    assert codes(caught) == ["words"]
    services.end_namesake(who=first, namesake=made.pk, words="确系同一人", now=NOW)
    assert dict(Assignment.objects.values_list("expert_id", "state")) == {
        expert.pk: "replaced",
        spare.pk: "offered",
    }
    assert Assignment.objects.get(expert=expert).reason == "conflict-stands"
    with pytest.raises(Conflict):
        services.confirm_namesake(who=second, namesake=made.pk, now=NOW)
    again = stated(expert, thing, second)
    services.end_namesake(who=first, namesake=again.pk, words="不予认可", now=NOW)
    assert [n.state for n in queries.namesakes(panel=thing.panel)] == ["refused", "revoked"]


def test_not_by_the_machine_nor_from_elsewhere_nor_by_who_has_a_stake():
    expert, thing, first, _second = scene()
    with pytest.raises(NotAllowed):
        stated(expert, thing, SYSTEM)
    elsewhere = factories.actor("authority", region=factories.OTHER_CITY)
    for who in (elsewhere, actor_of(expert), factories.actor("applicant")):
        with pytest.raises(NotFound):
            stated(expert, thing, who)
    made = stated(expert, thing, first)
    with pytest.raises(NotFound):
        services.confirm_namesake(who=elsewhere, namesake=made.pk, now=NOW)
    insider = factories.person("authority")
    Membership.objects.create(organisation=thing.organisation, user=insider, since=NOW)
    with pytest.raises(NotAllowed):
        services.confirm_namesake(who=actor_for(insider), namesake=made.pk, now=NOW)


def test_queries_do_not_grow(django_assert_num_queries):
    panel(*(item(n, people=[f"名{n}"]) for n in range(3)))
    thing = PanelItem.objects.first()
    for count in (1, 3):
        while Namesake.objects.count() < count:
            expert = factories_experts.expert()
            name = f"名{Namesake.objects.count()}"
            work = {"kind": "work", "title": "论文", "names": [name], "since": date(2026, 3, 1)}
            services.add_bond(who=actor_of(expert), bond=work, now=NOW)
            other = PanelItem.objects.get(people=[name])
            made = stated(expert, other, factories.actor("authority"))
            services.confirm_namesake(who=factories.actor("authority"), namesake=made.pk, now=NOW)
        thing.panel.refresh_from_db()
        with django_assert_num_queries(5):
            queries.panel_conflicts(panel=thing.panel, now=NOW)
