"""The invented pilot projects: matched cases that want to run, in every state of their tracks.

The load is one transaction without savepoints: nothing here may be refused, so what could be is
asked first.
"""

from datetime import datetime, timedelta
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

from django.utils import timezone

from pilotline.config.demonstration.approvals_course import Course, go_on, urge
from pilotline.config.demonstration.material import Material, read_yaml
from pilotline.config.demonstration.offices import Offices
from pilotline.config.demonstration.people import Cast
from pilotline.desks.approvals import services
from pilotline.desks.approvals.queries import projects as queries
from pilotline.desks.demand import services as demand
from pilotline.desks.journal.queries import current_rulebook
from pilotline.desks.matching import queries as matching
from pilotline.desks.people import queries as people
from pilotline.desks.review import services as review
from pilotline.kernel.actor import Actor

PDF = b"%PDF-1.7\n1 0 obj\n<</Type /Catalog>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
LENGTH = 120  # days a project runs where its course says nothing
BEGINS = timedelta(days=20)  # from handing in to the first day on the line
Said = dict[str, Any]


def build_approvals(material: Material, folder: Path, cast: Cast, *, now: datetime) -> int:
    """Take matched cases along the courses of the folder. Returns how many projects were made.

    The oldest course comes first and takes the latest match that was there by then; a course for
    which no match is left is passed over.
    """
    said = read_yaml(folder / "approvals.yaml")
    offices = Offices(cast, said["officials"], now - timedelta(days=300))
    offices.seat(said["seats"]["city"], said["seats"]["colleague"])
    kinds = {material.lines[kind]["name"]["zh"]: kind for kind in said["plans"]}
    free = _matches(kinds, cast)
    told = []
    for row in sorted(said["courses"], key=lambda row: -row["opened"]):
        match = _chosen(free, row, cast, now)
        if match is None:
            continue
        free.remove(match)
        who = cast.actor(dict(cast.applicants)[match.case.organisation_id])
        course = Course(row, said, match, who, offices, now)
        if row.get("incomplete"):
            _attach(course, ["bench_report"])
            continue
        _open(course, said["plans"][kinds[match.line.name]])
        go_on(course)
        told.append(course)
    review.escalate_late(now=now)
    for course in told:
        urge(course)
    services.remind_conditions(now=now)
    services.remind_permits(now=now)
    return len(told)


def _matches(kinds: dict[str, str], cast: Cast) -> list[Any]:
    """Agreed talks about a line that the folder has a plan for, the latest first."""
    speak = dict(cast.applicants)
    found = matching.region_matches(who=cast.actor(cast.logins["province"])).filter(state="agreed")
    return [
        match
        for match in found.order_by("-closed_at", "-pk")
        if match.line is not None
        and match.line.name in kinds
        and match.facility.operator_id
        and match.case.organisation_id in speak
    ]


def _chosen(free: list[Any], row: Said, cast: Cast, now: datetime) -> Any:
    opened = now - timedelta(days=row["opened"])
    there = [match for match in free if match.closed_at < opened]
    wanted = [match for match in there if _suits(match, row["want"], cast)]
    return next(iter(wanted or there), None)


def _suits(match: Any, want: str, cast: Cast) -> bool:
    if want == "city":
        return bool(match.facility.region == current_rulebook().cities.ids[0])
    if want == "applicant":
        return bool(match.case.organisation_id == cast.applicants[0][0])
    if want == "operator":
        mine = {pk for pk, user in cast.operators.values() if user == cast.logins["operator"]}
        return match.facility.operator_id in mine
    return True


def _open(course: Course, kind: Said) -> None:
    """List it as a key project or enter the line's envelope where the course asks for it, bring
    the papers, and hand the project in."""
    row, match, now = course.row, course.match, course.at(0)
    filing, over = row.get("kind") == "filing", row.get("over", False)
    if row.get("key"):
        firm = people.organisation(who=course.offices.province, id=match.case.organisation_id)
        services.list_key_project(
            who=course.offices.province,
            credit_code=firm.credit_code,
            title=match.case.title,
            listed_in=course.said["key_list"],
            now=now,
        )
    if filing or over:
        _envelope(course, kind, now)
    plan = _plan(kind, course.said["envelope"], over=over)
    # What lies outside is not handed in for filing: the load could not go on from a refusal.
    way = "filing" if filing and not services.held_against(line=match.line_id, plan=plan) else ""
    hazardous = kind["hazardous"]
    needed = {"always", "hazardous"} if hazardous else {"always"}
    items = [item.id for item in current_rulebook().review_items if item.needed in needed]
    begin = timezone.localdate(now) + BEGINS
    course.project = services.open_project(
        who=course.applicant,
        case=match.case_id,
        kind=way or "project",
        facility=match.facility_id,
        line=match.line_id,
        begin=begin,
        end=begin + timedelta(days=row.get("length", LENGTH)),
        hazardous=hazardous,
        plan=plan,
        papers=_attach(course, items),
        is_demo=True,
        now=now,
    )
    course.readiness = {"scale": kind["readiness"][0], "level": kind["readiness"][1]}


def _attach(course: Course, items: list[str]) -> dict[str, int]:
    """The papers, each a page without words. By item the attachment's id."""
    who: Actor = course.applicant
    made = {}
    for item in items:
        content = PDF + f"% {item}\n".encode()
        made[item] = demand.attach(
            who=who,
            case=course.match.case_id,
            name=f"{course.said['papers'][item]}（演示）.pdf",
            size=len(content),
            content=BytesIO(content),
            now=course.at(0),
        ).pk
    return made


def _plan(kind: Said, limits: Said, *, over: bool = False, times: int = 1) -> Said:
    """What a project does; `over` leaves the line's envelope, `times` makes an envelope of it."""
    low, high = kind["temperature"]
    wide = times > 1
    pollutants = [pollutant.id for pollutant in current_rulebook().pollutants]
    names = kind["substances"] + (limits["extra"] if wide else [limits["strange"]] if over else [])
    return {
        "substances": names,
        "quantity": str(kind["quantity"] * times),
        "temperature_low": str(low - 10 if wide else low),
        "temperature_high": str(high + (20 if wide else 45 if over else 0)),
        "pressure_low": str(kind["pressure"][0]),
        "pressure_high": str(kind["pressure"][1]),
        "hazard_class": str(kind["class"]),
        "emissions": {
            name: str(Decimal(str(value)) * times)
            for name, value in zip(pollutants, kind["emissions"], strict=False)
        },
    }


def _envelope(course: Course, kind: Said, now: datetime) -> None:
    """What the line is approved for, unless that was entered for an earlier project."""
    match, limits = course.match, course.said["envelope"]
    if queries.envelope_of(match.line_id) is not None:
        return
    services.record_envelope(
        who=course.offices.of(match.facility.region),
        facility=match.facility_id,
        line=match.line_id,
        document=limits["document"],
        values=_plan(kind, limits, times=limits["times"]),
        since=timezone.localdate(now) - timedelta(days=200),
        now=now,
    )
