"""Makes what tests of the registry need, through the same services as real use."""

from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from pilotline.desks.journal.services import publish_release
from pilotline.desks.people.models import Organisation
from pilotline.desks.registry import services
from pilotline.desks.registry.models import Facility, Resource
from pilotline.kernel.actor import SYSTEM, Actor
from pilotline.kernel.ids import credit_check_character
from pilotline.rulebook.check import read_sound

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
RULEBOOKS = Path(__file__).resolve().parents[1] / "rulebooks"
CITY = "370100"


@lru_cache(maxsize=1)
def content() -> dict[str, Any]:
    return read_sound(RULEBOOKS / "shandong").to_content()


def publish_rulebook() -> None:
    publish_release(who=SYSTEM, content=content(), now=NOW)


def organisation(
    name: str = "海岱中试有限公司", *, region: str = CITY, **more: Any
) -> Organisation:
    """A confirmed organisation that operates facilities."""
    first = f"91{region}MA{Organisation.objects.count():07d}"
    return Organisation.objects.create(
        name=name,
        credit_code=first + credit_check_character(first),
        kind="enterprise",
        region=region,
        status="confirmed",
        operates=True,
        created_at=NOW,
        **more,
    )


def operator(*organisations: Organisation, id: int = 11) -> Actor:
    owned = frozenset(o.pk for o in organisations)
    return Actor(id, "运营员", frozenset({"applicant", "operator"}), owned, owned)


def authority(*regions: str, id: int = 21) -> Actor:
    return Actor(id, "主管", frozenset({"authority"}), regions=frozenset(regions or {"370000"}))


def facility(
    name: str = "海岱精细化工中试平台",
    *,
    owner: Organisation | None = None,
    published: bool = True,
    **values: Any,
) -> Facility:
    owner = owner or organisation(f"{name}运营公司")
    who = operator(owner)
    given = {
        "name": name,
        "region": CITY,
        "fields": ["advanced_chemicals"],
        "summary": "反应与分离",
    }
    made = services.create_facility(who=who, organisation=owner.pk, values=given | values, now=NOW)
    return services.publish_facility(who=who, code=made.code, now=NOW) if published else made


def resource(
    owner: Facility, name: str = "1号中试线", kind: str = "line", **values: Any
) -> Resource:
    return services.add_resource(
        who=operator(owner.operator),
        facility=owner.code,
        values={"name": name, "kind": kind} | values,
        now=NOW,
    )


def capability(owner: Facility, attribute: str, written: str, of: Resource | None = None) -> Any:
    return services.set_capability(
        who=operator(owner.operator),
        facility=owner.code,
        attribute=attribute,
        written=written,
        resource=of.pk if of else None,
        now=NOW,
    )
