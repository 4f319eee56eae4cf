"""Plans of cultivation, and what the advisory committee is asked about calls and applications."""

from datetime import timedelta
from typing import Any

from pilotline.config.demonstration.calls_stage import Stage, day_of
from pilotline.desks.calls import services
from pilotline.desks.journal.queries import current_rulebook
from pilotline.desks.registry import services as registry
from pilotline.desks.review import queries as review_queries
from pilotline.desks.review import services as review
from pilotline.kernel.actor import SYSTEM

MADE, ASKED, HELD = timedelta(days=40), timedelta(days=20), timedelta(days=8)


def make_plans(stage: Stage) -> None:
    """Facilities that are being built take on what they lack for a program."""
    for row in stage.said["growing"]:
        body = stage.body(row["operator"])
        if body is None:
            continue
        organisation, who = body
        at = stage.now - MADE
        given = {"who": SYSTEM, "now": at}
        made = registry.create_facility(organisation=organisation, values=row["values"], **given)
        registry.fill_facility(
            facility=made.code, resources=row["resources"], certificates=[], **given
        )
        registry.publish_facility(code=made.code, **given)
        for plan in row["plans"]:
            services.make_plan(
                who=who,
                facility=made.code,
                program=plan["program"],
                until=day_of(stage.now, plan["until"]),
                words=plan["words"],
                now=at,
            )


def ask_for_advice(stage: Stage, told: dict[str, Any]) -> None:
    """A question about an application, answered in a meeting; another one about a program."""
    said = stage.said["advice"]
    region = current_rulebook().region.id
    who = stage.official(region)
    body = review_queries.committees(who=who).filter(region=region).first()
    _call, filed = told.get(said["answered"]["call"], (None, []))
    if body is None or not filed:
        return
    given = {"who": who, "committee": body.pk}
    asked = said["answered"]
    question = review.ask_committee(
        title=asked["title"],
        text=asked["text"],
        program=filed[0].made.call.program,
        subject=("application", filed[0].made.pk),
        now=stage.now - ASKED,
        **given,
    )
    held = stage.now - HELD
    meeting = said["meeting"]
    called = review.call_meeting(
        title=meeting["title"],
        agenda=meeting["agenda"],
        place=meeting["place"],
        starts_at=held,
        now=stage.now - ASKED / 2,
        **given,
    )
    came = [t.expert_id for t in review_queries.terms(committee=body, day=day_of(held))][:6]
    review.seal_minutes(who=who, meeting=called.pk, minutes=meeting["minutes"], came=came, now=held)
    in_favour, against, abstained = asked["votes"]
    review.give_advice(
        who=who,
        question=question.pk,
        advice=asked["advice"],
        in_favour=in_favour,
        against=against,
        abstained=abstained,
        now=held,
    )
    review.ask_committee(**said["open"], now=stage.now - timedelta(days=3), **given)
