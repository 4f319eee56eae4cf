"""Builds the invented needs and technologies and lets them live: shortlists, talks, matches."""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from pilotline.config.demonstration.material import Material, draw, in_english
from pilotline.config.demonstration.people import Cast
from pilotline.desks.demand import services as demand
from pilotline.desks.journal.queries import current_rulebook
from pilotline.desks.matching import services as matching
from pilotline.desks.registry import queries as registry
from pilotline.kernel.actor import Actor

# What becomes of a case, and out of a hundred how many: the province is mid-year, so most go on.
FATES = {"draft": 6, "listed": 24, "asked": 16, "talking": 12, "accepted": 10, "agreed": 22}
FATES |= {"declined": 7, "withdrawn": 3}
OWN_CASES = 9  # every so many cases one belongs to the applicant log-in
# Whoever logs in as the applicant finds a case in every state, and those that go on the most.
OWN_FATES = ("agreed", "talking", "listed", "agreed", "asked", "declined")
OWN_FATES += ("agreed", "accepted", "draft", "agreed", "withdrawn")


@dataclass(frozen=True)
class Plot:
    """One case before it is told: its kind of line, template, fate, and the day it arrives.

    `mine`: by the applicant log-in.
    """

    kind: str
    line: dict[str, Any]
    template: dict[str, Any]
    fate: str
    at: datetime
    seed: str
    mine: bool


def plots(material: Material, *, count: int, seed: int, now: datetime) -> list[Plot]:
    """As many cases as wanted, two needs for each technology, in the order of their days."""
    dice = random.Random(f"{seed}:plots")  # noqa: S311 invented data, not secrets
    needs = [(line, t) for line in material.lines.values() for t in line["needs"]]
    technologies = [(line, t) for line in material.lines.values() for t in line["technologies"]]
    days = sorted(dice.uniform(2, 300) for _ in range(count))[::-1]
    found = []
    for number, day in enumerate(days):
        kind = "technology" if number % 3 == 2 else "need"
        line, template = dice.choice(technologies if kind == "technology" else needs)
        fate = dice.choices(list(FATES), weights=list(FATES.values()))[0]
        turn, rest = divmod(number, OWN_CASES)
        if rest == 0:
            fate = OWN_FATES[turn % len(OWN_FATES)]
        at = now - timedelta(days=day)
        found.append(Plot(kind, line, template, fate, at, f"{seed}:{number}", rest == 0))
    return found


def tell(plot: Plot, material: Material, cast: Cast) -> None:
    """Hand one case in and take it as far as its fate goes."""
    dice = random.Random(plot.seed)  # noqa: S311 invented data, not secrets
    organisation, user = cast.applicants[0] if plot.mine else dice.choice(cast.applicants[1:])
    who = cast.actor(user)
    drawn = draw(dice, plot.template["draw"])
    answers = _answers(plot, material, drawn, dice)
    if plot.fate == "draft":
        answers = {k: v for k, v in answers.items() if dice.random() < 0.6 or k == "title"}
    case = demand.start_case(
        who=who,
        organisation=organisation,
        kind=plot.kind,
        answers=answers,
        is_demo=True,
        now=plot.at,
    )
    demand.read_text(who=who, case=case.pk, now=plot.at)
    if plot.fate == "draft":
        return
    demand.confirm_requirements(who=who, case=case.pk, now=plot.at)
    case.refresh_from_db()
    demand.submit(
        who=who,
        case=case.pk,
        version=case.version,
        key=plot.seed,
        title_en=in_english(plot.template["title"]["en"], drawn),
        now=plot.at,
    )
    matching.propose(case=case.pk, now=plot.at)
    _live_on(plot, case.pk, who, material, cast, dice)


def _answers(
    plot: Plot, material: Material, drawn: dict[str, Any], dice: random.Random
) -> dict[str, Any]:
    form = current_rulebook().forms[plot.kind]
    by_role = {
        "title": plot.template["title"]["zh"].format_map(drawn),
        "field": plot.line["fields"][0],
        "chain": plot.line["chain"],
        "verification": plot.line["verifications"][:2],
        "service": [plot.line["services"][0][0]],
        "body": plot.template["text"]["zh"].format_map(drawn)
        if dice.random() < 0.9
        else in_english(plot.template["text"]["en"], drawn),
        "keywords": plot.line["name"]["zh"],
    }
    answers = {f.id: by_role[role] for role in by_role if (f := form.by_role(role)) is not None}
    for field, rule in material.answers[plot.kind].items():
        answers[field] = _answer(rule, plot.at, dice)
    return {field: value for field, value in answers.items() if value not in ("", None)}


def _answer(rule: dict[str, Any], at: datetime, dice: random.Random) -> Any:
    if "one" in rule:
        return dice.choice(rule["one"])
    if "days" in rule:
        return (at + timedelta(days=dice.randint(*rule["days"]))).date().isoformat()
    if "money" in rule:
        low, high = rule["money"]
        return str(dice.randrange(low, high, 10_000))
    return rule["value"]


def _live_on(
    plot: Plot, case: int, who: Actor, material: Material, cast: Cast, dice: random.Random
) -> None:
    """The talk that follows, as far as the fate goes."""
    later = plot.at + timedelta(hours=dice.randint(2, 40))
    if plot.fate == "withdrawn":
        demand.withdraw(who=who, case=case, reason="计划调整，暂缓中试", now=later)
        return
    if plot.fate == "listed":
        return
    answer, _stored = matching.current_shortlist(who=who, case=case)
    rows = [row for row in answer["rows"] if row["operator"]]
    if not rows:
        return
    row = rows[min(dice.randrange(3), len(rows) - 1)]
    match = matching.ask_facility(
        who=who,
        case=case,
        facility=row["facility"],
        line=row["line"],
        text="请评估能否承接，期待回复。",
        now=later,
    )
    facility = registry.facility_for_match(facility=row["facility"], line=row["line"])
    _talk(plot, match.pk, who, cast.actor(cast.operators[facility.name][1]), material, dice, later)


def _talk(
    plot: Plot,
    match: int,
    applicant: Actor,
    operator: Actor,
    material: Material,
    dice: random.Random,
    at: datetime,
) -> None:
    words = material.people["words"]

    def say(who: Actor, side: str, move: str, text: str = "", reason: str = "") -> None:
        nonlocal at
        at += timedelta(hours=dice.randint(3, 30))
        matching.say(who=who, match=match, side=side, move=move, text=text, reason=reason, now=at)

    place = dice.randrange(len(words["question"]["zh"]))
    if plot.fate in ("talking", "accepted", "agreed") and dice.random() < 0.8:
        say(operator, "operator", "question", words["question"]["zh"][place])
        if plot.fate != "talking":
            say(applicant, "applicant", "answer", words["answer"]["zh"][place])
    if plot.fate in ("accepted", "agreed"):
        say(operator, "operator", "accept", dice.choice(words["accept"]["zh"]))
    if plot.fate == "agreed":
        say(applicant, "applicant", "consent")
    if plot.fate == "declined":
        reason = dice.choice(list(current_rulebook().decline_reasons))
        text = "近期排期已满，建议联系其他平台。" if reason.words_required else ""
        say(operator, "operator", "decline", text, reason.id)
