"""A case of the demand desk as an item for a panel."""

from typing import Any

from pilotline.desks.demand import queries as demand
from pilotline.desks.journal.queries import current_rulebook
from pilotline.desks.people import queries as people
from pilotline.desks.review.forms.items import Item
from pilotline.kernel.actor import Actor


def item_of_case(*, who: Actor, case: Any) -> Item:
    """What experts are given of a case that this actor may see: all but what is confidential."""
    sections = [
        demand.shown_sections(who=who, case=case, language=language) for language in ("zh", "en")
    ]
    material = []
    for zh, en in zip(*sections, strict=True):
        rows = [row for row in zh.rows if not row.hidden]
        if rows:
            text = "\n\n".join(f"{row.title}：{row.text}" for row in rows)
            material.append({"title": {"zh": zh.title, "en": en.title}, "text": text})
    return Item(
        subject=("case", case.pk),
        title=case.title,
        title_en=case.title_en,
        number=case.number or "",
        fields=case.fields,
        organisation=case.organisation_id,
        people=members_behind(case),
        unnamed=contact_of(case),
        material=material,
    )


def members_behind(case: Any) -> list[str]:
    """The names of the applicant's members, by which an expert's ties to a case are found."""
    members = people.members_of([case.organisation_id]).get(case.organisation_id, frozenset())
    names = people.user_names(sorted(members)).values()
    return [name for name in dict.fromkeys(names) if name.strip()]


def contact_of(case: Any) -> list[str]:
    """The contact's name: confidential or not, an expert who wrote with this person keeps away."""
    field = current_rulebook().forms[case.kind].by_role("contact_name")
    name = str(case.answers.get(field.id) or "") if field is not None else ""
    return [name[:60]] if name.strip() else []


def items_of_numbers(*, who: Actor, text: str) -> tuple[list[Item], list[str]]:
    """The items of the case numbers in a text, and those numbers this actor sees no case of."""
    wanted = list(dict.fromkeys(text.upper().replace("，", " ").replace(",", " ").split()))
    found = {
        case.number: case
        for case in demand.cases(who=who, door="authority").filter(number__in=wanted)
    }
    items = [item_of_case(who=who, case=found[number]) for number in wanted if number in found]
    return items, [number for number in wanted if number not in found]
