"""Makes cases through the services of real use."""

from io import BytesIO
from typing import Any

from pilotline.desks.demand import services
from pilotline.desks.demand.models import Attachment, Case
from pilotline.kernel.actor import Actor
from tests.factories import NOW, actor

NEED = {
    "title": "高镍三元前驱体共沉淀放大",
    "field": "new_energy_materials",
    "verification": ["process"],
    "service": ["equipment", "sample_making"],
    "detail": "需500L反应釜,搅拌转速300r/min以上,温度55℃,氮气保护,制备样品50公斤。",
    "scale": "pilot",
    "city": [],
    "begin": "2027-03-01",
    "end": "2027-09-30",
    "budget_low": "200000",
    "budget_high": "800000",
    "hazardous": "none",
    "cooperation": "commission",
    "contact_name": "王工",
    "contact_phone": "0531-86000000",
    "consent": True,
}
TECHNOLOGY = {
    "title": "聚乳酸连续聚合新工艺",
    "field": "advanced_chemicals",
    "holders": "某大学化学工程团队",
    "detail": "丙交酯开环聚合已完成公斤级小试,需50L以上带真空脱挥的聚合釜,温度180~220℃。",
    "form": "process",
    "stage": "bench",
    "trl": "5",
    "rights": "filed",
    "verification": ["process", "production"],
    "scale": "pilot",
    "transfer": ["license", "joint"],
    "hazardous": "none",
    "contact_name": "李老师",
    "contact_phone": "0532-80000000",
    "consent": True,
}
COMPLETE = {"need": NEED, "technology": TECHNOLOGY}
RELEASED = {"release": True, "summary": "高镍三元前驱体寻求500升级共沉淀中试"}
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def draft(who: Actor | None = None, kind: str = "need", **answers: Any) -> Case:
    """A draft with these answers only, of the actor's first organisation."""
    who = who or actor()
    return services.start_case(
        who=who, organisation=min(who.organisations), kind=kind, answers=answers, now=NOW
    )


def accepted(
    who: Actor | None = None,
    kind: str = "need",
    confidential: tuple[str, ...] = (),
    **answers: Any,
) -> Case:
    """A case that was handed in complete; `answers` replace those of the complete form."""
    who = who or actor()
    case = draft(who, kind)
    services.submit(
        who=who,
        case=case.pk,
        version=case.version,
        answers=COMPLETE[kind] | answers,
        confidential=confidential,
        key=f"key-{case.pk}",
        now=NOW,
    )
    case.refresh_from_db()
    return case


def attached(who: Actor, case: Case, name: str = "工艺说明.pdf", **given: Any) -> Attachment:
    """A small PDF in the case's folder."""
    content = given.pop("content", PDF)
    return services.attach(
        who=who,
        case=case.pk,
        name=name,
        size=len(content),
        content=BytesIO(content),
        now=NOW,
        **given,
    )
