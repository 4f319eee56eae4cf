"""A draw in its two halves: committed to before, revealed after. Anybody checks it."""

import secrets
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from pilotline.desks.journal.queries import rulebook_of
from pilotline.desks.journal.services import record
from pilotline.desks.review import problem, queries
from pilotline.desks.review.models import Assignment, Draw, Expert, Panel, PanelItem
from pilotline.desks.review.services.giving import tried
from pilotline.desks.review.services.panels import locked_panel, still_wanted
from pilotline.kernel.actor import Actor
from pilotline.kernel.errors import Conflict, NotFound, Problem, refuse

MOST_FIGURE = 200


@transaction.atomic
def commit_draw(*, who: Actor, panel: int, beacon: str = "", now: datetime) -> Draw:
    """Publish the ballot of what is still wanted, its hash and the hash of a secret seed.

    `beacon` names a public figure that nobody knows yet; with one, not even whoever made the seed
    can have chosen among outcomes.
    """
    found = locked_panel(who, panel)
    rule, today = queries.rule_of(found), timezone.localdate(now)
    if "draw" not in rule.methods:
        refuse([Problem("method", _("The review rule does not allow a draw."))])
    wanted = [(item, number) for item, number in still_wanted(found) if number]
    if not wanted:
        refuse([Problem("nothing", _("No item wants an expert."))])
    experts = list(queries.active_experts().prefetch_related("bonds"))
    if not experts:
        refuse([Problem("nobody", _("There is nobody in the pool."))])
    secrets.SystemRandom().shuffle(experts)
    codes = {f"E{number:03d}": expert for number, expert in enumerate(experts, start=1)}
    keys = {f"{number:03d}": item for number, (item, _n) in enumerate(wanted, start=1)}
    ballot, digest = problem.ballot_of(
        items=[(key, number) for key, (_item, number) in zip(keys, wanted, strict=True)],
        experts=_tickets(codes, rule.load, today),
        barred=_bars(found, codes, keys, today),
        beacon=beacon.strip()[:MOST_FIGURE],
    )
    seed = secrets.token_hex(32)
    try:
        with transaction.atomic():
            made = Draw.objects.create(
                panel=found,
                ballot=ballot,
                digest=digest,
                commitment=problem.commitment_of(seed),
                seed=seed,
                codes={code: expert.pk for code, expert in codes.items()},
                items={key: item.pk for key, item in keys.items()},
                committed_at=now,
            )
    except IntegrityError as error:
        raise Conflict(_("A draw is committed to already.")) from error
    _record(who, "commit_draw", made, now, {"digest": digest, "commitment": made.commitment})
    return made


def _tickets(codes: Mapping[str, Expert], load: int, today: date) -> list[tuple[str, str, int]]:
    """Code, employer as a letter code, and places of each expert."""
    loads = queries.loads(e.pk for e in codes.values())
    letters: dict[str, str] = {}
    found = []
    for code, expert in codes.items():
        employer = problem.employer_of(expert, today)
        group = letters.setdefault(employer, f"G{len(letters) + 1:03d}") if employer else ""
        found.append((code, group, max(0, load - loads.get(expert.pk, 0))))
    return found


def _bars(
    panel: Panel, codes: Mapping[str, Expert], keys: Mapping[str, PanelItem], today: date
) -> list[tuple[str, str]]:
    """Pairs of code and key that are excluded by a conflict, or were asked already."""
    items = list(keys.values())
    bars = queries.barred(
        queries.conflicts(
            experts=codes.values(), items=items, rulebook=rulebook_of(panel.release), today=today
        )
    )
    out = set(bars) | tried(items)
    return [
        (code, key)
        for code, expert in codes.items()
        for key, item in keys.items()
        if (expert.pk, item.pk) in out
    ]


@transaction.atomic
def reveal_draw(*, who: Actor, panel: int, figure: str = "", now: datetime) -> Draw:
    """Publish seed and figure; whoever is drawn stands as the proposal."""
    found = locked_panel(who, panel)
    draw = Draw.objects.select_for_update().filter(panel=found, void_at=None).first()
    if draw is None:
        raise NotFound
    if draw.revealed_at is not None:
        raise Conflict(_("This draw was revealed already."))
    figure = figure.strip()[:MOST_FIGURE]
    if bool(figure) != bool(draw.ballot["beacon"]):
        text = _("Give the public figure that was named before: {beacon}.")
        refuse([Problem("figure", text.format(beacon=draw.ballot["beacon"] or "–"), "figure")])
    draw.result = problem.drawn(ballot=draw.ballot, seed=draw.seed, figure=figure)
    draw.figure, draw.revealed_at = figure, now
    draw.save()
    Assignment.objects.filter(item__panel=found, state="proposed").delete()
    Assignment.objects.bulk_create(
        Assignment(
            item_id=draw.items[key],
            expert_id=draw.codes[code],
            via=Panel.Method.DRAW,
            why={"draw": draw.pk, "code": code},
            proposed_at=now,
        )
        for key, drawn in draw.result.items()
        for code in drawn
    )
    found.method = Panel.Method.DRAW
    found.save(update_fields=["method"])
    _record(
        who, "reveal_draw", draw, now, {"seed": draw.seed, "figure": figure, "result": draw.result}
    )
    return draw


@transaction.atomic
def void_draw(*, who: Actor, panel: int, reason: str, now: datetime) -> None:
    """Give up a draw with a reason. It stays published, so that nobody draws until it pleases."""
    found = locked_panel(who, panel)
    draw = Draw.objects.select_for_update().filter(panel=found, void_at=None).first()
    if draw is None:
        raise NotFound
    if not reason.strip():
        refuse([Problem("reason", _("Give a reason."), "reason")])
    if Assignment.objects.filter(item__panel=found).exclude(state="proposed").exists():
        raise Conflict(_("Experts were asked by this draw already."))
    draw.void_at = now
    draw.save(update_fields=["void_at"])
    Assignment.objects.filter(item__panel=found, state="proposed").delete()
    _record(who, "void_draw", draw, now, {"reason": reason.strip()})


def check_draw(*, told: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What of a published draw does not fit, for anybody; see `queries.public_draw`."""
    return problem.check(
        ballot=told["ballot"],
        digest=told["digest"],
        commitment=told["commitment"],
        seed=told["seed"],
        figure=told["figure"],
        result=told["result"],
    )


def _record(who: Actor, verb: str, draw: Draw, now: datetime, after: dict[str, Any]) -> None:
    record(
        who=who,
        action=f"review.{verb}",
        subject=("draw", draw.pk),
        after={"panel": draw.panel_id} | after,
        now=now,
    )
