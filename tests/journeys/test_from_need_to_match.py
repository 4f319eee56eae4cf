"""The main job from end to end through the services: from a need in plain words to a match.

A small enterprise registers and is confirmed, hands in its need and holds the receipt, finds a
facility with reasons, is asked back, and both sides consent. Told once in Chinese, once in English.
"""

from typing import Any, NamedTuple

import pytest
from django.utils import translation

from pilotline.desks.demand import queries as demand
from pilotline.desks.demand import services as demand_services
from pilotline.desks.journal.queries import case_history, verify
from pilotline.desks.matching import queries, services
from pilotline.desks.notices import queries as notices
from pilotline.desks.people import services as people
from pilotline.desks.people.queries import actor_for
from pilotline.kernel.actor import Actor
from pilotline.kernel.errors import NotFound
from tests import factories
from tests.factories import CITY, NOW, OTHER_CITY
from tests.factories_demand import NEED
from tests.factories_matching import operated, with_reactor

pytestmark = pytest.mark.django_db(transaction=True)


class Told(NamedTuple):
    """What the enterprise writes in one language."""

    title: str
    text: str
    question: str
    answer: str


TOLD = {
    "zh-hans": Told(
        title="高镍三元前驱体共沉淀放大",
        text=(
            "我公司已完成高镍三元前驱体共沉淀小试,拟放大到500L以上反应釜,氮气保护,反应温度55℃,"
            "搅拌转速不低于300r/min。希望2027年9月底前制备样品50公斤,预算80万元以内。"
        ),
        question="氨水浓度多少?废水由谁处理?",
        answer="氨水25%,废水由贵方处理,费用另计。",
    ),
    "en": Told(
        title="Scale-up of a nickel-rich precursor by co-precipitation (共沉淀)",
        text=(
            "We have finished bench trials of a nickel-rich precursor by co-precipitation and want "
            "to scale up in a reactor of at least 500 L at 55 °C with stirring of at least "
            "300 rpm. Samples of 50 kg are needed by the end of September 2027."
        ),
        question="Which concentration of ammonia, and who treats the waste water?",
        answer="25 % ammonia; the waste water is yours to treat, at our cost.",
    ),
}
STEPS = [
    "demand.start",
    "demand.read",
    "demand.confirm",
    "demand.save",
    "demand.submit",
    "matching.propose",
    "demand.open",
    "matching.ask",
    "matching.question",
    "matching.answer",
    "matching.accept",
    "matching.consent",
    "demand.match",
]
WANTED = {"volume", "temperature", "agitation_speed"}


@pytest.fixture
def city(rulebook: Any) -> Actor:
    """The authority of the enterprise's city."""
    return factories.actor("authority", region=CITY)


@pytest.fixture(params=sorted(TOLD))
def told(request: pytest.FixtureRequest) -> Any:
    with translation.override(request.param):
        yield TOLD[request.param]


def enterprise(city: Actor) -> Actor:
    """A small enterprise that registered itself and was confirmed by its city."""
    user = factories.user()
    made = people.register_organisation(
        who=actor_for(user),
        name="泉城前驱体有限公司",
        credit_code=factories.credit_code(),
        kind="sme",
        region=CITY,
        now=NOW,
    )
    assert made.status == "pending"
    people.confirm_organisation(who=city, organisation=made.pk, now=NOW)
    return actor_for(user)


def hand_in(who: Actor, told: Told) -> Any:
    """The text is read, every requirement confirmed, and the receipt comes with the handing in."""
    case = demand_services.start_case(
        who=who,
        organisation=min(who.organisations),
        kind="need",
        answers={"detail": told.text},
        now=NOW,
    )
    read = demand_services.read_text(who=who, case=case.pk, now=NOW)
    assert {row.attribute for row in read} >= WANTED
    assert demand_services.confirm_requirements(who=who, case=case.pk, now=NOW) == len(read)
    case.refresh_from_db()
    receipt = demand_services.submit(
        who=who,
        case=case.pk,
        version=case.version,
        answers=NEED | {"title": told.title, "detail": told.text},
        key="first-click",
        now=NOW,
    )
    case.refresh_from_db()
    assert (case.status, case.accepted_at) == ("accepted", NOW)
    assert receipt.content["number"] == case.number
    return case


def test_from_a_need_in_plain_words_to_a_match(told: Told, city: Actor) -> None:
    operator, facility = operated()
    line = with_reactor(operator, facility)
    who = enterprise(city)
    case = hand_in(who, told)

    shortlist = queries.latest_shortlist(who=who, case=case.pk)
    (row,) = shortlist.answer["rows"]
    assert (row["facility"], row["line"], row["complete"]) == (facility.pk, line, True)
    assert {r["attribute"]: r["status"] for r in row["requirements"]}.items() >= dict.fromkeys(
        WANTED, "met"
    ).items()
    assert all(r["source_name"] for r in row["requirements"] if r["status"] == "met")

    with pytest.raises(NotFound):
        demand.case(who=operator, id=case.pk)
    talk = services.ask_facility(
        who=who, case=case.pk, facility=facility.pk, line=line, text="", now=NOW
    )
    assert demand.case(who=operator, id=case.pk) == case
    for speaker, side, move, text in (
        (operator, "operator", "question", told.question),
        (who, "applicant", "answer", told.answer),
        (operator, "operator", "accept", ""),
        (who, "applicant", "consent", ""),
    ):
        talk = services.say(who=speaker, match=talk.pk, side=side, move=move, text=text, now=NOW)
    assert talk.state == "agreed"

    figures = {"talks": 1, "open": 0, "agreed": 1, "declined": 0, "gaps": 0}
    assert queries.figures(who=city) == figures
    assert demand.case_counts(who=city, door="authority")["need"] == {"matched": 1}
    elsewhere = factories.actor("authority", region=OTHER_CITY)
    assert queries.figures(who=elsewhere) == dict.fromkeys(figures, 0)

    heard = [n.kind for n in notices.notices(who=operator).order_by("id")]
    assert next(kind for kind in heard if kind.startswith("match.")) == "match.asked"
    actions = [entry.action for entry in case_history(case=case.pk)]
    assert list(dict.fromkeys(actions)) == STEPS
    assert list(verify()) == []
