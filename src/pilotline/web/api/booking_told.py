"""How bookings, free times and calendars are told to programs: records into shapes."""

from typing import Any

from django.utils import timezone

from pilotline.desks.booking import queries
from pilotline.desks.booking.rules.settings import show_minute


def booking_of(found: Any) -> dict[str, Any]:
    """A booking fetched with its times."""
    return {
        "id": found.pk,
        "number": found.number,
        "state": found.state,
        "organisation": found.organisation_id,
        "organisation_name": found.organisation.name,
        "person": str(found.person or ""),
        "case": found.case_id,
        "match": found.match_id,
        "series": found.series_id,
        "purpose": found.purpose,
        "family": found.family,
        "starts": found.starts,
        "ends": found.ends,
        "held_until": found.held_until,
        "fee_percent": found.fee_percent,
        "reason": found.reason,
        "version": found.version,
        "times": [time_of(row) for row in found.times],
    }


def time_of(row: Any) -> dict[str, Any]:
    return thing_of(row.resource) | {
        "id": row.pk,
        "start": row.use.lower,
        "end": row.use.upper,
        "approval": row.approval,
        "measured_minutes": row.measured_minutes,
    }


def thing_of(resource: Any) -> dict[str, Any]:
    """A resource and where it is."""
    return {
        "resource": resource.pk,
        "name": resource.name,
        "kind": resource.kind,
        "facility": resource.facility.code,
        "facility_name": resource.facility.name,
        "region": resource.facility.region,
    }


def one_booking(who: Any, id: int) -> dict[str, Any]:
    """One booking as it is now, with what leaving it would cost."""
    found = queries.booking(who=who, id=id)
    costs = queries.costs(booking=found, now=timezone.now())
    told = {
        "cancelling": costs.cancelling,
        "changing": costs.changing,
        "may_change": costs.may_change,
        "example": costs.example,
    }
    return booking_of(found) | {"costs": told}


def free_of(row: queries.Free) -> dict[str, Any]:
    bookable = row.bookable
    return {
        "resource": bookable.pk,
        "name": bookable.resource.name,
        "slot": bookable.slot,
        "shortest": bookable.shortest,
        "longest": bookable.longest,
        "windows": [{"start": w.start, "end": w.end} for w in row.windows],
        "ends_on": row.ends_on,
    }


def bookable_of(found: Any) -> dict[str, Any]:
    names = ("is_open", "is_public", "days", "through", "slot", "shortest", "longest", "lead")
    names += ("horizon_days", "changeover", "approval", "licence", "pieces", "scale", "about")
    return (
        thing_of(found.resource)
        | {name: getattr(found, name) for name in names}
        | {
            "openings": [
                {"weekday": o.weekday, "start": show_minute(o.start), "end": show_minute(o.end)}
                for o in found.openings.all()
            ],
            "changeovers": [
                {"before": c.before, "after": c.after, "minutes": c.minutes}
                for c in found.changeovers.all()
            ],
        }
    )


def row_of(row: queries.Row) -> dict[str, Any]:
    return {
        "resource": row.bookable.pk,
        "name": row.bookable.resource.name,
        "free": [{"start": w.start, "end": w.end} for w in row.free.windows],
        "taken": [block_of(block) for block in row.shown],
    }


def block_of(block: queries.Block) -> dict[str, Any]:
    row = block.occupation
    booking = row.booking if row else None
    closure = row.closure if row else None
    return {
        "start": block.start,
        "end": block.end,
        "booking": booking.pk if booking else None,
        "number": booking.number if booking else "",
        "organisation": booking.organisation.name if booking else "",
        "state": booking.state if booking else "",
        "closure": closure.kind if closure else "",
    }


def waiting_of(row: Any) -> dict[str, Any]:
    """A wish as its applicant sees it."""
    steps = [{"number": s.number, "minutes": s.minutes, "ways": s.ways} for s in row.steps.all()]
    return thing_of(row.resource) | _wish_of(row) | {"steps": steps}


def waiting_at(who: Any, row: Any) -> dict[str, Any]:
    """The same as an operator sees it: of a joint wish its own place, without the ways."""
    told = thing_of(queries.own_place(who=who, waiting=row)) | _wish_of(row)
    ways = [] if row.joint else None
    steps = [
        {"number": s.number, "minutes": s.minutes, "ways": s.ways if ways is None else ways}
        for s in row.steps.all()
    ]
    return told | {"steps": steps}


def _wish_of(row: Any) -> dict[str, Any]:
    return {
        "id": row.pk,
        "organisation": row.organisation_id,
        "organisation_name": row.organisation.name,
        "purpose": row.purpose,
        "family": row.family,
        "minutes": row.minutes,
        "start": row.window.lower,
        "end": row.window.upper,
        "state": row.state,
        "booking": row.booking_id,
        "match": row.match_id,
        "joint": row.joint,
    }


def closure_of(row: Any) -> dict[str, Any]:
    return {
        "id": row.pk,
        "facility": row.facility.code,
        "kind": row.kind,
        "start": row.period.lower,
        "end": row.period.upper,
        "reason": row.reason,
        "lifted": row.lifted_at is not None,
        "resources": sorted({o.resource_id for o in row.occupations.all()}),
    }


def licence_of(row: Any) -> dict[str, Any]:
    return thing_of(row.resource) | {
        "id": row.pk,
        "user": row.user_id,
        "user_name": str(row.user),
        "until": row.until.isoformat(),
        "note": row.note,
    }


def use_of(use: queries.Use) -> dict[str, Any]:
    return thing_of(use.bookable.resource) | {
        "scale": use.bookable.scale,
        "open": use.open,
        "booked": use.booked,
        "closed": use.closed,
        "share": use.share,
        "verdict": use.verdict,
    }
