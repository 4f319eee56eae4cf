"""The invented experts: a pool, panels in every state, a draw, the advisory committee."""

import random
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from pilotline.config.demonstration.material import read_yaml
from pilotline.config.demonstration.people import Cast
from pilotline.desks.demand import queries as demand
from pilotline.desks.journal.queries import current_rulebook
from pilotline.desks.people import queries as people
from pilotline.desks.people import services as people_services
from pilotline.desks.review import queries, services
from pilotline.desks.review.forms import item_of_case
from pilotline.kernel.actor import SYSTEM, Actor

STRICT = 3  # every so many experts one marks strictly


def build_experts(folder: Path, cast: Cast, *, seed: int, now: datetime) -> None:
    """A pool that has stood for a year, and what it did in the month before `now`."""
    said = read_yaml(folder / "experts.yaml")
    dice = random.Random(f"{seed}:experts")  # noqa: S311 invented data, not secrets
    start = now - timedelta(days=28)
    stood = now - timedelta(days=330)
    pool = [_expert(row, cast, number, stood) for number, row in enumerate(said["experts"])]
    _apply(said["waiting"], _user(98, said["waiting"]["name"], start), start)
    official = cast.actor(cast.logins["province"])
    cases = _cases(cast)
    used = 0
    for row in said["panels"]:
        chosen = cases[used : used + row["cases"]]
        used += row["cases"]
        if chosen:
            made = _panel(row, chosen, said["comments"], dice, now, start)
            if "meeting" in row:
                _meet(row["meeting"], made, official, start + timedelta(days=8))
    _namesake(said["namesake"], pool, start, now)
    _committee(said["committee"], pool, official, start, now)


def _namesake(said: dict[str, Any], pool: list[int], start: datetime, now: datetime) -> None:
    """An expert wrote with somebody called like one of an applicant's people. A colleague of the
    province says that it is somebody else; the log-in of the province may confirm it."""
    panel = queries.panels(who=SYSTEM).filter(state="marking").order_by("pk").first()
    things = queries.items(panel=panel) if panel else []
    thing = next((one for one in things if one.people), None)
    if thing is None:
        return
    asked = set(
        queries.assignments(panel=thing.panel)
        .filter(item=thing)
        .values_list("expert_id", flat=True)
    )
    expert = queries.expert(who=SYSTEM, id=next(pk for pk in reversed(pool) if pk not in asked))
    work = {
        "kind": "work",
        "title": said["work"],
        "names": thing.people[:1],
        "since": date(now.year - 1, 3, 1),
    }
    given = {"now": now - timedelta(hours=6)}
    services.add_bond(who=people.actor_for(people.user(expert.user_id)), bond=work, **given)
    colleague = _user(99, said["official"], start)
    region = current_rulebook().region.id
    people_services.grant_role(
        who=SYSTEM, user=colleague, role="authority", region=region, now=start
    )
    services.state_namesake(
        who=people.actor_for(people.user(colleague)),
        item=thing.pk,
        expert=expert.pk,
        words=said["words"],
        **given,
    )


def _expert(row: dict[str, Any], cast: Cast, number: int, now: datetime) -> int:
    """The first expert is the log-in; the second holds shares of an applicant, on purpose."""
    user = cast.logins["expert"] if number == 0 else _user(number, row["name"], now)
    expert = _apply(row, user, now)
    services.accept_expert(who=SYSTEM, expert=expert, now=now)
    who = people.actor_for(people.user(user))
    work = {
        "kind": "work",
        "title": row["work"],
        "names": row["with"],
        "since": date(now.year - 1, 6, 1),
    }
    services.add_bond(who=who, bond=work, now=now)
    if number == 1:
        firm = people.names([cast.applicants[0][0]])[cast.applicants[0][0]]
        holding = {"kind": "holding", "name": firm, "share": 3, "since": date(now.year - 2, 1, 1)}
        services.add_bond(who=who, bond=holding, now=now)
    return expert


def _user(number: int, name: str, now: datetime) -> int:
    made = people_services.register_user(
        who=SYSTEM,
        username=f"demo-e{number:02d}",
        email=f"demo-e{number:02d}@demo.invalid",
        password=None,
        name=name,
        is_demo=True,
        now=now,
    )
    return made.pk


def _apply(row: dict[str, Any], user: int, now: datetime) -> int:
    profile = {key: row[key] for key in ("name", "title", "fields", "keywords")}
    made = services.apply_as_expert(
        who=people.actor_for(people.user(user)),
        profile=profile | {"languages": ["zh"]},
        employer={"name": row["employer"], "since": date(now.year - 9, 9, 1)},
        is_demo=True,
        now=now,
    )
    return made.pk


def _cases(cast: Cast) -> list[Any]:
    """Accepted cases, those of the applicant log-in first, so that its conflict shows."""
    who = people.actor_for(people.user(cast.logins["province"]))
    own = cast.applicants[0][0]
    found = list(demand.cases(who=who, door="authority", status="accepted")[:60])
    return sorted(found, key=lambda case: case.organisation_id != own)


def _panel(
    row: dict[str, Any],
    cases: list[Any],
    comments: list[str],
    dice: random.Random,
    now: datetime,
    start: datetime,
) -> Any:
    book = current_rulebook()
    # What is still being marked began yesterday, so that nobody is late on the first day.
    at = start if row["course"] == "closed" else now - timedelta(days=1)
    made = services.open_panel(
        who=SYSTEM,
        title=row["title"],
        title_en=row["title_en"],
        region=book.region.id,
        rubric=book.rubrics.ids[0],
        rule=book.review_rules.ids[0],
        items=[item_of_case(who=SYSTEM, case=case) for case in cases],
        is_demo=True,
        now=at,
    )
    if row["course"] == "drawn":
        services.commit_draw(who=SYSTEM, panel=made.pk, now=at)
        services.reveal_draw(who=SYSTEM, panel=made.pk, now=now)
        return made
    services.propose(who=SYSTEM, panel=made.pk, now=at)
    services.confirm(who=SYSTEM, panel=made.pk, now=at)
    for number, assignment in enumerate(queries.assignments(panel=made).filter(state="offered")):
        if row["course"] == "closed" or number % 3 == 0:
            _mark(assignment, comments, dice, at)
    if row["course"] == "closed":
        services.close_panel(who=SYSTEM, panel=made.pk, now=start + timedelta(days=9))
    return made


def _meet(said: dict[str, Any], panel: Any, who: Actor, held: datetime) -> None:
    """The panel talks its items through, and seals its minutes."""
    called = services.call_meeting(
        who=who,
        panel=panel.pk,
        title=said["title"],
        agenda=said["agenda"],
        place=said["place"],
        starts_at=held,
        now=held - timedelta(days=2),
    )
    came = queries.assignments(panel=panel).filter(state="submitted")
    services.seal_minutes(
        who=who,
        meeting=called.pk,
        minutes=said["minutes"],
        came=set(came.values_list("expert_id", flat=True)),
        findings={
            item.pk: said["findings"][number % len(said["findings"])]
            for number, item in enumerate(queries.items(panel=panel))
        },
        now=held,
    )


def _mark(assignment: Any, comments: list[str], dice: random.Random, now: datetime) -> None:
    who: Actor = people.actor_for(people.user(assignment.expert.user_id))
    given = {"who": who, "assignment": assignment.pk}
    services.answer(**given, answer="accepted", declares=True, now=now + timedelta(hours=3))
    rubric = queries.rubric_of(assignment.item.panel)
    strict = assignment.expert_id % STRICT == 0
    marks, words = {}, {}
    for criterion in rubric.criteria:
        share = dice.uniform(0.55, 0.8) if strict else dice.uniform(0.68, 0.93)
        steps = int(float(criterion.full) * share / float(criterion.step))
        marks[criterion.id] = str(steps * criterion.step)
        words[criterion.id] = dice.choice(comments)
    services.submit_sheet(**given, marks=marks, comments=words, now=now + timedelta(hours=20))


def _committee(
    said: dict[str, Any], pool: list[int], who: Actor, start: datetime, now: datetime
) -> None:
    region = current_rulebook().region.id
    body = services.set_up_committee(
        who=who,
        title=said["title"],
        title_en=said["title_en"],
        about=said["about"],
        region=region,
        is_demo=True,
        now=start,
    )
    for number, expert in enumerate(pool[:7]):
        services.seat_expert(
            who=who,
            committee=body.pk,
            expert=expert,
            seat=("chair", "deputy")[number] if number < 2 else "member",
            since=start.date(),
            until=date(start.year + 3, start.month, 1),
            now=start,
        )
    _advice(said, body.pk, pool, who, start)
    services.ask_committee(who=who, committee=body.pk, **said["open"], now=now)


def _advice(said: dict[str, Any], body: int, pool: list[int], who: Actor, start: datetime) -> None:
    answered = services.ask_committee(
        who=who,
        committee=body,
        title=said["answered"]["title"],
        text=said["answered"]["text"],
        now=start,
    )
    held = start + timedelta(days=6)
    meeting = services.call_meeting(
        who=who,
        committee=body,
        title=said["meeting"]["title"],
        agenda=said["meeting"]["agenda"],
        starts_at=held,
        now=start,
    )
    services.seal_minutes(
        who=who, meeting=meeting.pk, minutes=said["meeting"]["minutes"], came=pool[:6], now=held
    )
    services.give_advice(
        who=who,
        question=answered.pk,
        advice=said["answered"]["advice"],
        in_favour=5,
        against=0,
        abstained=1,
        is_public=True,
        now=held,
    )
