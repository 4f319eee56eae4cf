"""Booking through the API: from free times to a closed booking, and every refusal in words."""

from datetime import timedelta

import pytest
from django.utils import timezone

from pilotline.desks.booking import services
from pilotline.desks.people.queries import own_organisations
from tests.factories_registry import facility, resource


@pytest.fixture
def line(program):
    """An operator's program and a line that is open day and night."""
    operator = program("operator")
    (membership,) = own_organisations(operator.who)
    thing = resource(facility(owner=membership.organisation))
    given = {"days": "every", "slot": 60, "scale": "pilot"}
    given["openings"] = [{"weekday": d, "start": "00:00", "end": "24:00"} for d in range(7)]
    services.set_bookable(who=operator.who, resource=thing.pk, now=timezone.now())
    told = operator.ask("PUT", f"/operator/bookables/{thing.pk}", given).json()
    assert told["openings"][6] == {"weekday": 6, "start": "00:00", "end": "24:00"}
    return operator, thing


def day(number, hour=9):
    now = timezone.localtime().replace(hour=hour, minute=0, second=0, microsecond=0)
    return now + timedelta(days=number)


def wanted(who, thing, start, hours=2, **more):
    wish = {"resource": thing.pk, "start": start.isoformat()}
    wish["end"] = (start + timedelta(hours=hours)).isoformat()
    return {"organisation": min(who.organisations), "wishes": [wish], "purpose": "中试"} | more


def test_from_free_to_closed(program, line):
    operator, thing = line
    applicant = program()
    (shown,) = applicant.get(f"/facilities/{thing.facility.code}/bookables")["items"]
    assert shown["resource"] == thing.pk
    stretch = {"start": day(3, 0).isoformat(), "end": day(4, 0).isoformat()}
    (free,) = applicant.get("/free", resources=thing.pk, **stretch)
    assert len(free["windows"]) == 1
    starts = applicant.get("/free/next", resources=thing.pk, minutes=120, **stretch)["starts"]
    assert starts[0] == day(3, 0).isoformat()
    booked = applicant.post("/my/bookings", wanted(applicant.who, thing, day(3)), 201)
    assert (booked["state"], booked["costs"]["may_change"]) == ("held", True)
    address = f"/my/bookings/{booked['id']}"
    assert applicant.post(f"{address}/confirm")["state"] == "confirmed"
    moved = {"percent": 0, **wanted(applicant.who, thing, day(4))}
    moved = {"wishes": moved["wishes"], "percent": 0}
    assert applicant.post(f"{address}/change", moved)["starts"] != booked["starts"]
    here = f"/operator/bookings/{booked['id']}"
    told = operator.post(f"{here}/use", status=422)
    assert told["problems"][0]["code"] == "too-early"
    (row,) = operator.get("/operator/calendar", **stretch | {"end": day(6, 0).isoformat()})
    assert row["taken"][0]["number"] == booked["number"]
    assert operator.post(f"{here}/cancel", {"reason": "检修"})["state"] == "cancelled"
    program().get(address, 404)
    operator.get(address, 404)


def test_a_taken_time_is_told_with_the_next_free_ones(program, line):
    _operator, thing = line
    first, second = program(), program(language="zh")
    first.post("/my/bookings", wanted(first.who, thing, day(3)), 201)
    told = second.post("/my/bookings", wanted(second.who, thing, day(3)), 422)
    (problem,) = told["problems"]
    assert problem["code"] == "taken"
    assert problem["data"]["free"][0]["start"] == day(3, 11).isoformat()
    assert "最近的空闲时间" in problem["text"]
    given = wanted(second.who, thing, day(3), every="day", count=3)
    told = second.post("/my/bookings/series", given, 422)
    assert [p["data"]["day"] for p in told["problems"]] == [f"{day(3):%Y-%m-%d}"]
    kept = second.post("/my/bookings/series", given | {"whole": False}, 201)
    assert (len(kept["bookings"]), len(kept["left_out"])) == (2, 1)


def test_times_without_a_zone_and_other_slips(program, line):
    _operator, thing = line
    applicant = program()
    given = wanted(applicant.who, thing, day(3))
    given["wishes"][0]["start"] = "2027-02-29T09:00:00+08:00"
    told = applicant.post("/my/bookings", given, 422)
    assert told["problems"][0]["field"] == "wishes.0.start"
    given["wishes"][0]["start"] = "2027-03-01T09:00:00"
    assert applicant.post("/my/bookings", given, 422)["problems"][0]["code"] == "timezone_aware"


def test_the_authority_sees_how_full_and_how_idle(program, line):
    _operator, thing = line
    authority = program("authority")
    stretch = {"start": day(-10, 0).isoformat(), "end": day(-3, 0).isoformat()}
    told = authority.get("/authority/utilisation", **stretch)
    assert told["scales"][0]["verdict"] == "idle"
    assert told["resources"][0]["open"] == 7 * 24 * 60
    assert [row["resource"] for row in authority.get("/authority/idle")["items"]] == [thing.pk]
    far = {"start": day(-3000).isoformat(), "end": day(0).isoformat()}
    assert authority.get("/authority/utilisation", 422, **far)["problems"][0]["code"] == "too-long"


def steps(who, *things, **more):
    wishes = [{"minutes": 60, "ways": [[thing.pk]]} for thing in things]
    stretch = {"start": day(3, 0).isoformat(), "end": day(5, 0).isoformat()}
    return {
        "organisation": min(who.organisations),
        "steps": wishes,
        "purpose": "中试",
        **stretch,
    } | more


def test_a_whole_project_in_line_and_planned(program, line):
    operator, thing = line
    applicant = program()
    wrong = steps(applicant.who, thing, purpose="")
    wrong["steps"][0]["minutes"] = 45
    told = applicant.post("/my/waiting/steps", wrong, 422)
    assert {p["code"] for p in told["problems"]} >= {"length", "no-purpose"}
    made = applicant.post("/my/waiting/steps", steps(applicant.who, thing, thing), 201)
    assert [s["ways"] for s in made["steps"]] == [[[thing.pk]], [[thing.pk]]]
    assert applicant.get(f"/my/waiting/{made['id']}")["plan"] is None
    program().get(f"/my/waiting/{made['id']}", status=404)
    own = {"organisation": min(operator.who.organisations)}
    asked = operator.post("/operator/schedules", own, 201)
    assert services.work_out(now=timezone.now(), seconds=1) == 1
    plan = operator.get(f"/operator/schedules/{asked['id']}")
    assert [(x["step"], x["state"]) for x in plan["lines"]] == [(1, "proposed"), (2, "proposed")]
    done = operator.post(f"/operator/schedules/{asked['id']}/accept", {})
    assert {x["state"] for x in done["lines"]} == {"accepted"}
    assert operator.get("/operator/schedules")["total"] == 1
    assert applicant.get(f"/my/waiting/{made['id']}")["state"] == "offered"


def test_a_project_over_two_operators_is_accepted_by_both(program, line):
    operator, thing = line
    other = program("operator")
    (membership,) = own_organisations(other.who)
    far = resource(facility(owner=membership.organisation, name="胶东检测平台"))
    hours = [(weekday, 0, 1440) for weekday in range(7)]
    services.set_bookable(
        who=other.who, resource=far.pk, values={"days": "every"}, openings=hours, now=timezone.now()
    )
    applicant = program()
    made = applicant.post("/my/waiting/steps", steps(applicant.who, thing, far), 201)
    assert made["joint"]
    (row,) = other.get("/operator/waiting")["items"]
    assert (row["resource"], row["steps"][0]["ways"]) == (far.pk, [])
    plan = other.post("/joint-plans", None, 201)
    assert services.work_out(now=timezone.now(), seconds=1) == 1
    (part,) = other.get(f"/joint-plans/{plan['id']}")["parts"]
    assert ([x["resource"] for x in part["lines"]], part["elsewhere"]) == ([far.pk], [1])
    here = f"/joint-plans/{plan['id']}/parts/{made['id']}"
    other.post(f"{here}/decline", {"reason": " "}, 422)
    other.post(f"{here}/accept")
    applicant.post(f"{here}/accept", status=403)
    program("operator").post(f"{here}/accept", status=404)
    (part,) = operator.post(f"{here}/accept")["parts"]
    assert (part["state"], part["given"], part["needed"]) == ("accepted", 2, 2)
    told = applicant.get(f"/my/waiting/{made['id']}")
    assert (told["state"], len(told["plan"]["lines"])) == ("offered", 2)
    assert program("authority").get("/joint-plans")["total"] == 1
