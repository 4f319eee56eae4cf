"""What the region decided, as data."""

from datetime import date
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_noop as _
from ninja import Field, Router, Schema

from pilotline.desks.journal.queries import current_release, current_rulebook
from pilotline.kernel.errors import NotFound
from pilotline.rulebook import Attribute, Form, Text
from pilotline.web.api.route import get

router = Router(tags=[_("Rulebook")])
LISTS = (
    "documents",
    "clauses",
    "cities",
    "fields",
    "chains",
    "tiers",
    "verifications",
    "service_kinds",
    "resource_kinds",
    "organisation_kinds",
    "construction_models",
    "scales",
    "certificate_kinds",
    "decline_reasons",
    "targets",
    "uploads",
)


class Both(Schema):
    """One thing said in both languages."""

    zh: str = Field(examples=["工艺验证"])
    en: str = Field(examples=["Process verification"])


class ReleaseShape(Schema):
    number: int = Field(description=_("Grows with every release."), examples=[1])
    digest: str = Field(description=_("SHA-256 of the content, in hex."))
    region: str = Field(description=_("GB/T 2260 code."), examples=["110000"])
    title: Both
    lists: list[str] = Field(description=_("Names for /rulebook/lists/{kind}."))
    forms: list[str] = Field(description=_("Names for /rulebook/forms/{kind}."))


class EntryShape(Schema):
    id: str = Field(examples=["process"])
    title: Both
    about: Both | None
    source: str = Field(
        description=_("The clause or document that it rests on; empty: an example.")
    )
    example: bool = Field(description=_("True where no official figure exists."))
    valid_from: date
    valid_to: date | None


class ValueShape(Schema):
    id: str
    title: Both
    synonyms: list[str]
    rank: int = Field(description=_("Grows with strictness; 0 where there is no order."))


class AttributeShape(Schema):
    id: str = Field(examples=["volume"])
    title: Both
    group: str
    kind: str = Field(description=_("range, set, level or flag."), examples=["range"])
    fit: str = Field(description=_("cover, at_least, at_most or superset."), examples=["cover"])
    unit: str = Field(description=_("Ends of ranges are given in this unit."), examples=["L"])
    symbol: str
    synonyms: list[str]
    low: float | None = Field(description=_("No believable value lies below."))
    high: float | None = Field(description=_("No believable value lies above."))
    values: list[ValueShape]


class OptionShape(Schema):
    id: str
    title: Both


class FieldShape(Schema):
    id: str = Field(description=_("The key of the answer."), examples=["title"])
    title: Both
    help: Both | None
    type: str = Field(examples=["text"])
    section: str
    role: str
    required: bool
    confidential: bool = Field(description=_("Seen only by those allowed."))
    public: bool = Field(description=_("Seen by everybody once the applicant releases the case."))
    options: list[OptionShape]


class SectionShape(Schema):
    id: str
    title: Both


class FormShape(Schema):
    id: str
    title: Both
    sections: list[SectionShape]
    fields: list[FieldShape]


@get(router, "/rulebook", "rulebook", _("The rulebook in force"), ReleaseShape)
def rulebook(request: HttpRequest) -> dict[str, Any]:
    number, digest = current_release()
    found = current_rulebook()
    return {
        "number": number,
        "digest": digest,
        "region": found.region.id,
        "title": _both(found.region.title),
        "lists": LISTS,
        "forms": found.forms.ids,
    }


@get(
    router, "/rulebook/lists/{kind}", "rulebook-list", _("One list of the rulebook"),
    list[EntryShape],
)  # fmt: skip
def listed(request: HttpRequest, kind: str) -> list[dict[str, Any]]:
    if kind not in LISTS:
        raise NotFound
    return [
        {
            "id": entry.id,
            "title": _both(entry.title),
            "about": _both(entry.about),
            "source": entry.source,
            "example": entry.example,
            "valid_from": entry.valid_from,
            "valid_to": entry.valid_to,
        }
        for entry in current_rulebook().listing(kind)
    ]


@get(
    router, "/rulebook/attributes", "rulebook-attributes",
    _("The vocabulary of capabilities and requirements"), list[AttributeShape],
)  # fmt: skip
def attributes(request: HttpRequest) -> list[dict[str, Any]]:
    return [_attribute(attribute) for attribute in current_rulebook().attributes]


@get(
    router, "/rulebook/forms/{kind}", "rulebook-form",
    _("The questions a need or a technology is handed in by"), FormShape,
)  # fmt: skip
def form(request: HttpRequest, kind: str) -> dict[str, Any]:
    found = current_rulebook().forms.get(kind)
    if found is None:
        raise NotFound
    return form_of(found)


def _both(text: Text | None) -> dict[str, str] | None:
    return None if text is None else {"zh": text.zh, "en": text.en}


def _attribute(attribute: Attribute) -> dict[str, Any]:
    plain = ("id", "group", "kind", "fit", "unit", "symbol", "synonyms", "low", "high")
    values = [
        {"id": v.id, "title": _both(v.title), "synonyms": v.synonyms, "rank": v.rank}
        for v in attribute.values
    ]
    shown = {name: getattr(attribute, name) for name in plain}
    return shown | {"title": _both(attribute.title), "values": values}


def form_of(found: Form) -> dict[str, Any]:
    today = timezone.localdate()
    plain = ("id", "type", "section", "role", "required", "confidential", "public")
    fields = [
        {name: getattr(field, name) for name in plain}
        | {
            "title": _both(field.title),
            "help": _both(field.help),
            "options": [
                {"id": o.id, "title": _both(o.title)} for o in field.options if o.is_valid(today)
            ],
        }
        for field in found.fields
    ]
    sections = [{"id": s.id, "title": _both(s.title)} for s in found.sections]
    return {
        "id": found.id,
        "title": _both(found.title),
        "sections": sections,
        "fields": fields,
    }
