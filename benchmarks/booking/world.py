"""The server's world, made through the services in a process of its own; told as one JSON line.

The database it is made in has its tables already.
"""

import json
import sys
from datetime import datetime, timedelta
from typing import Any

import django

PEOPLE = 8
GROUPS = 4


def main(slots: int) -> None:
    from django.utils import timezone

    now = timezone.now()
    _publish(now)
    clients = [_person(f"client{number}", False, now) for number in range(PEOPLE)]
    hours = slots // GROUPS + 50
    single = [[_resource(_place(f"甲{n}", now), hours, now)] for n in range(GROUPS)]
    multi = [
        [_resource(_place(f"{side}{n}", now), hours, now) for side in "乙丙"] for n in range(GROUPS)
    ]
    start = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    tokens = [_token(user, now) for user in clients]
    told = {"tokens": tokens, "single": single, "multi": multi}
    told["start"] = (start + timedelta(days=2)).isoformat()
    print(json.dumps(told))


def _publish(now: datetime) -> None:
    from pilotline.config.preparation import rulebook_folder
    from pilotline.desks.journal.services import publish_release
    from pilotline.kernel.actor import SYSTEM
    from pilotline.rulebook.draft import read_folder

    publish_release(who=SYSTEM, content=read_folder(rulebook_folder()).content(), now=now)


_made = 0


def _person(name: str, operates: bool, now: datetime) -> Any:
    """A person with a confirmed organisation of their own."""
    from pilotline.desks.people import services
    from pilotline.desks.people.queries import actor_for
    from pilotline.kernel.actor import NOBODY, SYSTEM
    from pilotline.kernel.ids import credit_check_character

    global _made
    _made += 1
    user = services.register_user(
        who=NOBODY,
        username=f"bench-{name}",
        email=f"bench{_made}@example.org",
        password="bench-7391-hang-dao",  # noqa: S106  of a database that is dropped
        name=name,
        now=now,
    )
    first = f"91370100MA{_made:07d}"
    made = services.register_organisation(
        who=actor_for(user),
        name=f"{name}有限公司",
        credit_code=first + credit_check_character(first),
        kind="sme",
        region="370100",
        operates=operates,
        now=now,
    )
    services.confirm_organisation(who=SYSTEM, organisation=made.pk, now=now)
    return user


def _place(name: str, now: datetime) -> Any:
    """An operator's actor with a published facility, and the facility."""
    from pilotline.desks.journal.queries import current_rulebook
    from pilotline.desks.people.queries import actor_for
    from pilotline.desks.registry import services

    fields = list(current_rulebook().fields.ids[:1])
    who = actor_for(_person(f"operator-{name}", True, now))
    made = services.create_facility(
        who=who,
        organisation=min(who.organisations),
        values={"name": f"{name}号中试平台", "region": "370100", "fields": fields, "summary": "-"},
        now=now,
    )
    return who, services.publish_facility(who=who, code=made.code, now=now)


def _resource(place: Any, hours: int, now: datetime) -> int:
    """A line that is open day and night, booked by the hour for as far ahead as is needed."""
    from pilotline.desks.booking.services import set_bookable
    from pilotline.desks.registry.services import add_resource

    who, facility = place
    line = add_resource(
        who=who, facility=facility.code, values={"name": "中试线", "kind": "line"}, now=now
    )
    set_bookable(
        who=who,
        resource=line.pk,
        values={"days": "every", "slot": 60, "horizon_days": hours // 24 + 10},
        openings=[(day, 0, 1440) for day in range(7)],
        now=now,
    )
    return int(line.pk)


def _token(user: Any, now: datetime) -> tuple[str, int]:
    from pilotline.desks.people.queries import actor_for
    from pilotline.desks.people.services import make_token

    who = actor_for(user)
    expires = now + timedelta(days=2)
    scopes = ("applicant:read", "applicant:write")
    _kept, plain = make_token(who=who, name="benchmark", scopes=scopes, expires=expires, now=now)
    return plain, min(who.organisations)


if __name__ == "__main__":
    django.setup()
    main(int(sys.argv[1]))
