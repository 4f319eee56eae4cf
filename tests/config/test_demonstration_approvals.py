"""The demonstration's pilot projects: made through the services, in every state there is."""

from collections import Counter, defaultdict
from datetime import timedelta

import pytest
import yaml

from pilotline.config import demonstration
from pilotline.config.demonstration.approvals import build_approvals
from pilotline.config.demonstration.material import Material
from pilotline.config.demonstration.parts import one_load
from pilotline.config.demonstration.people import Cast
from pilotline.config.demonstration.places import place, places_of_project
from pilotline.desks.approvals.models import Condition, Envelope, KeyProject, Permit, Project
from pilotline.desks.journal.queries import current_rulebook
from pilotline.desks.matching.models import Match
from pilotline.desks.registry import services as registry
from pilotline.desks.review.models import StepRun, Urge
from tests import factories
from tests.factories import NOW
from tests.factories_demand import accepted
from tests.factories_matching import operated

pytestmark = pytest.mark.usefixtures("rulebook")
LINES = ("glass_lined", "api", "fermentation")


def test_projects_in_every_state():
    material = Material.read(demonstration.folder())
    said = yaml.safe_load((demonstration.folder() / "approvals.yaml").read_text(encoding="utf-8"))
    cast = _cast()
    _matched(material, cast, len(said["courses"]))
    with one_load():
        made = build_approvals(material, demonstration.folder(), cast, now=NOW)

    assert made == len(said["courses"]) - 1  # one is incomplete and was not handed in
    assert all(project.is_demo for project in Project.objects.all())
    kinds = Counter(Project.objects.values_list("kind", "state"))
    assert kinds["project", "open"] > 8
    assert {("project", s) for s in ("granted", "refused", "withdrawn")} <= set(kinds)
    assert {("filing", "open"), ("filing", "granted"), ("filing", "refused")} <= set(kinds)
    assert {"open", "waiting", "held", "done", "skipped"} <= set(
        StepRun.objects.values_list("state", flat=True)
    )
    assert {"joint_meeting", "public_hearing"} <= set(
        StepRun.objects.filter(state="open").values_list("step", flat=True)
    )
    held = Project.objects.exclude(held=[]).get()
    assert {one["code"] for one in held.held} >= {"substances", "temperature"}
    assert set(Urge.objects.values_list("kind", flat=True)) == {"urge", "supervise"}
    assert Urge.objects.exclude(answer="").exists()
    assert StepRun.objects.filter(state="open").exclude(escalated_to="").exists()
    assert set(Condition.objects.values_list("state", flat=True)) == {"open", "reported", "met"}
    assert Condition.objects.filter(state="open", due__lt=NOW.date()).exists()
    assert KeyProject.objects.count() == Project.objects.filter(proceeding__green=True).count()
    assert Envelope.objects.exists()
    _permits_in_every_state()
    _projects_in_every_place()


def _projects_in_every_place():
    """At every step, and come to every end, of each track that serves pilot projects."""
    runs: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for run in StepRun.objects.filter(proceeding__subject_kind__in=Project.Kind.values):
        runs[run.proceeding_id].append((run.step, run.state))
    found = defaultdict(set)
    for made in Project.objects.all():
        on_track = runs[made.proceeding_id] if made.state == "open" else []
        found[made.kind] |= place(made.state, on_track)
    tracks = [t for t in current_rulebook().tracks if t.serves in Project.Kind.values]
    assert {t.serves for t in tracks} == set(Project.Kind.values)
    missing = {t.serves: set(places_of_project(t)) - found[t.serves] for t in tracks}
    assert missing == {kind: set() for kind in Project.Kind.values}


def _permits_in_every_state():
    permits = list(Permit.objects.all())
    today = NOW.date()
    running = [p for p in permits if p.closed_on is None]
    assert any(0 <= (p.ends - today).days <= 7 for p in running)
    assert any(p.ends < today for p in running)
    assert any(p.extensions for p in permits)
    assert any(p.asked_until for p in permits)
    assert any(p.closing == "sealed" for p in permits)


def _cast() -> Cast:
    applicant, operator = factories.person("applicant"), factories.person("operator")
    return Cast(
        logins={
            "applicant": applicant.pk,
            "operator": operator.pk,
            "province": factories.person("authority").pk,
            "city": factories.person("authority", region="370100").pk,
        },
        applicants=[(applicant.memberships.get().organisation_id, applicant.pk)],
        operators={"": (operator.memberships.get().organisation_id, operator.pk)},
    )


def _matched(material: Material, cast: Cast, count: int) -> None:
    """So many agreed matches of the applicant, the oldest a year back."""
    who = cast.actor(cast.logins["applicant"])
    operator, facility = operated(cast.actor(cast.logins["operator"]))
    lines = registry.fill_facility(
        who=operator,
        facility=facility.code,
        resources=[{"kind": "line", "name": material.lines[kind]["name"]["zh"]} for kind in LINES],
        now=NOW,
    )
    for number in range(count):
        case = accepted(
            who, title=f"{material.lines[LINES[number % 3]]['name']['zh']}放大 {number}"
        )
        at = NOW - timedelta(days=number * 12 + 1)
        Match.objects.create(
            case=case, facility=facility, line=lines[number % 3], state="agreed", opened_at=at,
            last_at=at, closed_at=at, opened_by="applicant", release=1,
        )  # fmt: skip
