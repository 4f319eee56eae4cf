"""Pages of shortlists, talks and gaps: who opens them, what is refused, what is said once."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override

from pilotline.desks.matching.models import Gap, Match, MatchMessage
from pilotline.desks.matching.rules import MAX_WORDS
from pilotline.desks.matching.services import propose, say
from pilotline.desks.people.queries import actor_for
from pilotline.desks.registry import services as registry
from pilotline.desks.registry.models import Resource
from pilotline.web.shared.reasons import STATUS, Candidate, Reason
from tests.factories import CITY, NOW, OTHER_CITY, person
from tests.factories_demand import RELEASED
from tests.factories_matching import operated, read_need, talk, with_reactor

pytestmark = pytest.mark.usefixtures("rulebook")

LISTS = {
    "applicant:talks": "applicant",
    "operator:talks": "operator",
    "operator:fitting": "operator",
    "authority:talks": "authority",
    "authority:gaps": "authority",
    "authority:overview": "authority",
    "shared:notices": "operator",
}


def client_of(user: Any, language: str = "zh-hans") -> Client:
    client = Client()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    if user is not None:
        client.force_login(user)
    return client


class Stage(SimpleNamespace):
    """The people of one city, a facility with a fitting line, and needs as they are wanted."""

    def __init__(self) -> None:
        self.users = {role: person(role) for role in ("applicant", "operator")}
        self.users["authority"] = person("authority", region=CITY)
        self.applicant, self.operator = (
            actor_for(self.users[role]) for role in ("applicant", "operator")
        )
        _who, self.facility = operated(self.operator)
        self.line = with_reactor(self.operator, self.facility)

    def talk(self, **answers: Any) -> Match:
        case = read_need(self.applicant, **answers)
        return talk(self.applicant, self.operator, self.facility, self.line, case)

    def client(self, role: str, language: str = "zh-hans") -> Client:
        return client_of(self.users[role], language)


@pytest.fixture
def stage() -> Stage:
    return Stage()


def fill(stage: Stage, number: int) -> None:
    """Of everything that the lists show, so many rows."""
    for _ in range(number):
        stage.talk()
        released = read_need(stage.applicant, **RELEASED)
        unserved = read_need(
            stage.applicant,
            detail="需20000L反应釜,搅拌转速300r/min以上,温度55℃,氮气保护,制备样品50公斤。",
        )
        for case in (released, unserved):
            propose(case=case.pk, now=NOW)


@pytest.mark.parametrize("name", LISTS)
def test_a_list_asks_the_same_for_one_row_and_for_three(
    stage: Stage, name: str, django_assert_num_queries: Any
) -> None:
    client, address = stage.client(LISTS[name]), reverse(name)
    fill(stage, 1)
    client.get(address)
    with CaptureQueriesContext(connection) as one:
        assert client.get(address).status_code == 200
    fill(stage, 2)
    assert (Match.objects.count(), Gap.objects.count()) == (3, 3)
    with django_assert_num_queries(len(one)):
        assert client.get(address).status_code == 200


def addresses(match: Match) -> dict[str, str]:
    return {
        "shortlist": reverse("applicant:shortlist", args=[match.case_id]),
        "talk": reverse("applicant:talk", args=[match.pk]),
        "facility's talk": reverse("operator:talk", args=[match.pk]),
        "authority's talk": reverse("authority:talk", args=[match.pk]),
        "authority's shortlist": reverse("authority:shortlist", args=[match.case_id]),
    }


@pytest.mark.parametrize(
    ("who", "opens"),
    [
        ("applicant", {"shortlist", "talk"}),
        ("operator", {"talk", "facility's talk"}),
        ("authority", {"shortlist", "talk", "authority's talk", "authority's shortlist"}),
        ("another applicant", set()),
        ("another operator", set()),
        ("another city", set()),
        ("nobody", set()),
    ],
)
def test_the_wrong_people_see_nothing(stage: Stage, who: str, opens: set[str]) -> None:
    others = {
        "another applicant": lambda: person(),
        "another operator": lambda: person("operator"),
        "another city": lambda: person("authority", region=OTHER_CITY),
        "nobody": lambda: None,
    }
    pages = addresses(stage.talk())
    client = client_of(others[who]()) if who in others else stage.client(who)
    answers = {name: client.get(address) for name, address in pages.items()}
    assert {name for name, answer in answers.items() if answer.status_code == 200} == opens
    for name in pages.keys() - opens:
        answer = answers[name]
        if who == "nobody":
            assert answer.headers["Location"].startswith("/accounts/login/")
        else:
            assert answer.status_code in {403, 404}


def test_only_a_side_of_the_talk_is_offered_words(stage: Stage) -> None:
    match = stage.talk()
    assert (
        'name="move"'
        in stage.client("operator").get(reverse("operator:talk", args=[match.pk])).content.decode()
    )
    office = stage.client("authority")
    address = reverse("authority:talk", args=[match.pk])
    assert 'name="move"' not in office.get(address).content.decode()
    assert office.post(address, {"move": "question", "text": "?"}).status_code == 403
    assert MatchMessage.objects.count() == 1


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize(
    ("move", "given"),
    [
        ("question", {"text": "长" * (MAX_WORDS + 1)}),
        ("decline", {"text": "本月没有空档", "reason": ""}),
        ("decline", {"text": "本月没有空档", "reason": "unheard-of"}),
    ],
)
def test_what_is_refused_in_a_talk_is_kept_as_typed(
    stage: Stage, language: str, move: str, given: dict[str, str]
) -> None:
    match = stage.talk()
    client, address = stage.client("operator", language), reverse("operator:talk", args=[match.pk])
    answer = client.post(address, given | {"move": move})
    assert answer.status_code == 422
    shown = answer.content.decode()
    assert given["text"] in shown
    assert 'role="alert"' in shown
    assert MatchMessage.objects.count() == 1


def test_who_was_too_late_keeps_the_words_and_reads_the_news(stage: Stage) -> None:
    match = stage.talk()
    seen = MatchMessage.objects.get().pk
    say(
        who=stage.applicant,
        match=match.pk,
        side="applicant",
        move="question",
        text="还可提供粉料样品",
        now=NOW,
    )
    answer = stage.client("operator").post(
        reverse("operator:talk", args=[match.pk]),
        {"move": "question", "text": "水分是多少?", "seen": str(seen)},
    )
    shown = answer.content.decode()
    assert answer.status_code == 422
    assert "水分是多少?" in shown
    assert "还可提供粉料样品" in shown
    latest = MatchMessage.objects.latest("id").pk
    assert f'name="seen" value="{latest}"' in shown


def test_what_is_refused_when_asking_or_offering_is_kept_as_typed(stage: Stage) -> None:
    case = read_need(stage.applicant, **RELEASED)
    propose(case=case.pk, now=NOW)
    place = {"facility": str(stage.facility.pk), "line": str(stage.line)}
    words = "长" * (MAX_WORDS + 1)
    for role, name in (("applicant", "applicant:ask"), ("operator", "operator:offer")):
        answer = stage.client(role).post(reverse(name, args=[case.pk]), place | {"text": words})
        assert answer.status_code == 422
        assert words in answer.content.decode()
    assert not Match.objects.exists()


@pytest.mark.parametrize("typed", ["", "x", "²", "9" * 40, "-1"])
def test_a_place_that_is_none_is_not_found(stage: Stage, typed: str) -> None:
    case = read_need(stage.applicant)
    answer = stage.client("applicant").post(
        reverse("applicant:ask", args=[case.pk]), {"facility": typed, "line": typed}
    )
    assert answer.status_code == 404


def test_a_record_is_named_in_the_readers_language(stage: Stage) -> None:
    kettle = Resource.objects.get(kind="equipment")
    registry.update_resource(
        who=stage.operator,
        facility=stage.facility.code,
        resource=kettle.pk,
        values={"name": "磁力釜", "name_en": "Magnet reactor"},
        now=NOW,
    )
    case = read_need(stage.applicant)
    propose(case=case.pk, now=NOW)
    address = reverse("applicant:shortlist", args=[case.pk])
    english, chinese = (stage.client("applicant", lang).get(address).text for lang in ("en", "zh"))
    assert ("Magnet reactor" in english, "磁力釜" in english) == (True, False)
    assert ("Magnet reactor" in chinese, "磁力釜" in chinese) == (False, True)


def test_a_form_that_is_sent_twice_counts_once(stage: Stage) -> None:
    case = read_need(stage.applicant)
    client = stage.client("applicant")
    given = {"facility": str(stage.facility.pk), "line": str(stage.line), "_once": "mark-ask"}
    asked = [client.post(reverse("applicant:ask", args=[case.pk]), given) for _ in range(2)]
    assert {answer.status_code for answer in asked} == {302}
    assert len({answer.headers["Location"] for answer in asked}) == 1
    address = asked[0].headers["Location"]
    given = {"move": "question", "text": "何时可以开始?\x00", "_once": "mark-say"}
    said = [client.post(address, given) for _ in range(2)]
    assert {answer.status_code for answer in said} == {302}
    assert list(MatchMessage.objects.order_by("id").values_list("kind", "text")) == [
        ("ask", ""),
        ("question", "何时可以开始?"),
    ]


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_match_is_ended_on_its_page_with_a_reason(stage: Stage, language: str) -> None:
    match = stage.talk()
    for who, side, move in (
        (stage.operator, "operator", "accept"),
        (stage.applicant, "applicant", "consent"),
    ):
        say(who=who, match=match.pk, side=side, move=move, now=NOW)
    client, address = (
        stage.client("applicant", language),
        reverse("applicant:talk", args=[match.pk]),
    )
    assert 'value="end"' in client.get(address).text
    empty = client.post(address, {"move": "end", "text": " "})
    assert (empty.status_code, 'role="alert"' in empty.text) == (422, True)
    given = {"move": "end", "text": "对方产线检修,改期再议", "_once": "mark-end"}
    assert [client.post(address, given).status_code for _ in range(2)] == [302, 302]
    assert Match.objects.get().state == "ended"
    page = client.get(address).text
    assert "对方产线检修" in page
    assert 'value="end"' not in page


def test_of_what_there_is_none_nothing_is_said():
    def reason(title: str, status: str) -> Reason:
        words, tone = STATUS[status]
        return Reason(title, "", "", status, words, tone, must=True, source="")

    counts = {"met": 2, "unmet": 0, "unknown": 1}
    reasons = [reason("温度", "met"), reason("容积", "unknown"), reason("容积", "met")]
    one = Candidate({"total": 0.5}, "平台", "线", reasons, [], [], counts=counts)
    with override("en"):
        assert one.counted == ["2 met", "1 unknown"]
    with override("zh-hans"):
        assert one.counted == ["满足 2 项", "未知 1 项"]
    assert one.open_points == ["容积"]
