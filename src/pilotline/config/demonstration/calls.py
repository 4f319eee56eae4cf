"""The invented calls: every program opened, applications of each in every state there is.

The load is one transaction without savepoints: nothing here may be refused. What the folder speaks
of and the load has not built (a shorter load builds fewer facilities) is left out with its row.
"""

import random
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from pilotline.config.demonstration.calls_advice import ask_for_advice, make_plans
from pilotline.config.demonstration.calls_course import Filed, walk
from pilotline.config.demonstration.calls_end import end, follow_up
from pilotline.config.demonstration.calls_rounds import missing_calls
from pilotline.config.demonstration.calls_stage import Row, Stage, day_of
from pilotline.config.demonstration.material import read_yaml
from pilotline.config.demonstration.people import Cast
from pilotline.config.demonstration.progress import told_of
from pilotline.config.words import _
from pilotline.desks.calls import queries, services
from pilotline.desks.journal.queries import current_rulebook

TO_REVIEW = timedelta(days=1)  # from the last day of a call to its panel
REVIEW = timedelta(days=19)  # from there to the opinion on each application
ROLLING = timedelta(days=30)  # a call that stays open has its first panel so long after it opened


def build_calls(folder: Path, cast: Cast, *, seed: int, now: datetime) -> int:
    """Everything of calls up to `now`. Returns how many calls there are."""
    said = read_yaml(folder / "calls.yaml")
    dice = random.Random(f"{seed}:calls")  # noqa: S311 invented data, not secrets
    stage = Stage(said, cast, dice, now)
    told: dict[str, tuple[Any, list[Filed]]] = {}
    for row in told_of(said["calls"], _("Demonstration: {done} of {all} calls")):
        rows = [one for one in row["applications"] if stage.body(one["by"]) is not None]
        opened = now - timedelta(days=row["opened"])
        if len(rows) == len(row["applications"]) and _stands(row, opened):
            call = _open(stage, row, opened)
            told[row.get("key", row["title"])] = call, _live(stage, row, call, opened)
    filed = [one for _call, several in told.values() for one in several]
    for number, row in enumerate(missing_calls(stage, filed)):
        opened = now - timedelta(days=row["opened"])
        call = _open(stage, row, opened)
        told[f"missing {number}"] = call, _live(stage, row, call, opened)
    make_plans(stage)
    ask_for_advice(stage, told)
    return len(told)


def _stands(row: Row, opened: datetime) -> bool:
    """Whether the program was in force on the day on which the call was opened."""
    program = current_rulebook().programs.get(row["program"])
    return program is not None and program.is_valid(day_of(opened))


def _open(stage: Stage, row: Row, opened: datetime) -> Any:
    year = day_of(opened).year
    names = {"year": year, "next": year + 1, "last": year - 1, **row.get("names", {})}
    region = row.get("region") or current_rulebook().region.id
    values: Row = {
        "title": row["title"].format(**names),
        "title_en": row["title_en"].format(**names),
        "about": row["about"],
        "opens": day_of(opened),
        "closes": day_of(opened, row["days"]),
        "place": row.get("place", ""),
        "seats": row.get("seats"),
        "goals": row.get("goals", []),
        "is_demo": True,
    }
    issuer = stage.body(row["issuer"]) if "issuer" in row else None
    if issuer is not None:
        values |= {"issuer": issuer[0], "prize": Decimal(row["prize"])}
    if "begins" in row:
        values["begins_at"] = stage.now + timedelta(days=row["begins"])
    who, written = stage.official(region), min(opened, stage.now)
    call = services.draft_call(
        who=who, program=row["program"], region=region, values=values, now=written
    )
    return (
        call if row["course"] == "draft" else services.open_call(who=who, call=call.pk, now=opened)
    )


def _live(stage: Stage, row: Row, call: Any, opened: datetime) -> list[Filed]:
    """Applications come, are reviewed, listed and decided, as far as the row says."""
    filed = []
    for number, one in enumerate(row["applications"]):
        filed.append(_apply(stage, call, row, one, opened + timedelta(days=2 + number)))
    is_rolling = row["course"] in ("open", "cancelled")
    last = opened + timedelta(days=row["days"])
    marked = opened + ROLLING if is_rolling else last + TO_REVIEW
    walk(stage, filed, marked)
    for one in filed:
        if "withdraws" in one.row:
            services.withdraw_application(
                who=one.who,
                application=one.made.pk,
                reason=one.row["withdraws"],
                now=min(one.at + timedelta(days=one.row.get("after", 9)), stage.now),
            )
    end(stage, call, row, filed, min(marked + REVIEW, stage.now))
    for one in filed:
        follow_up(stage, one)
    return filed


def _apply(stage: Stage, call: Any, call_row: Row, row: Row, at: datetime) -> Filed:
    body = stage.body(row["by"])
    assert body is not None  # noqa: S101  rows without one are left out before
    organisation, who = body
    given = {"who": who, "now": at}
    made = services.start_application(call=call.pk, organisation=organisation, **given)
    given["application"] = made.pk
    program = queries.program_of(call)
    told = {**call_row.get("answers", {}), **row["answers"]}
    answers = {} if row.get("draft") else dict(stage.said["contact"])
    for field in program.form.fields:
        value = told.get(field.id)
        if value is not None:
            is_day = field.type == "date"
            answers[field.id] = day_of(at, value).isoformat() if is_day else _plain(value)
    made = services.save_application(
        answers=answers,
        facility=stage.places.get(row["by"]) if program.concerns == "facility" else None,
        category=row.get("category"),
        title_en=stage.in_english(row.get("told", row["answers"].get("title", "")), row["by"]),
        **given,
    )
    if "partners" in row:
        _name_partners(stage, row["partners"], given)
    if not row.get("draft"):
        made = services.submit_application(**given)
        made = _hear_partners(stage, row.get("partners", ()), made, at)
    return Filed(row, made, who, at)


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else value


def _name_partners(stage: Stage, rows: list[Row], given: dict[str, Any]) -> None:
    named = []
    for row in rows:
        body = stage.body(row["by"])
        if body is not None:
            named.append({"organisation": body[0], "task": row["task"], "share": row["share"]})
    services.name_partners(partners=named, **given)


def _hear_partners(stage: Stage, rows: Any, made: Any, at: datetime) -> Any:
    """Each partner but the lead answers as its row says; the last yes hands the application in."""
    for row in rows:
        body = stage.body(row["by"])
        if body is None or body[0] == made.organisation_id or "says" not in row:
            continue
        made = services.answer_partnership(
            who=body[1],
            application=made.pk,
            organisation=body[0],
            agree=row["says"],
            now=at + timedelta(hours=20),
        )
    return made
