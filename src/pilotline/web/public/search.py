"""Search over everything public: facilities and what they have, technologies, needs."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from pilotline.desks.demand import queries as demand
from pilotline.desks.journal.queries import current_rulebook
from pilotline.desks.registry import queries as registry
from pilotline.desks.registry.rules import process_attribute
from pilotline.rulebook import Form, Rulebook
from pilotline.web.shared import values
from pilotline.web.shared.tilemap import tile_map

CASES = ("technology", "need")
PER_PAGE = 20
LONGEST = 200
ICONS = {
    "facility": "facility",
    "line": "line",
    "equipment": "equipment",
    "site": "place",
    "process": "settings",
    "service": "service",
    "skill": "people",
    "technology": "technology",
    "need": "list",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for; anything it cannot mean is left out."""

    text: str
    kind: str
    chosen: Mapping[str, str]
    page: int
    sort: str

    @classmethod
    def read(cls, request: HttpRequest, rulebook: Rulebook) -> "Asked":
        given = request.GET
        kind = given.get("kind", "")
        number = given.get("page", "1")
        lists = facet_lists(rulebook)
        return cls(
            text=given.get("q", "").strip()[:LONGEST],
            kind=kind if kind in ICONS else "",
            chosen={
                name: given[name]
                for name, listed in lists.items()
                if given.get(name) in {key for key, _words in listed}
            },
            page=int(number) if number.isascii() and number.isdigit() and len(number) < 6 else 1,
            sort=given["sort"] if given.get("sort") in sort_words() else "",
        )

    def url(self, **changes: str) -> str:
        """The address with something changed; every change but `page` starts on the first page."""
        query = {"q": self.text, "kind": self.kind, **self.chosen, "sort": self.sort} | changes
        kept = {name: value for name, value in query.items() if value}
        place = reverse("public:search")
        return f"{place}?{urlencode(kept)}" if kept else place


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    rulebook = current_rulebook()
    asked = Asked.read(request, rulebook)
    found = _cases(asked, rulebook) if asked.kind in CASES else _things(asked, rulebook)
    page, pages = found["page"], found["pages"]
    context = found | {
        "asked": asked,
        "tabs": _tabs(asked, found["facets"]),
        "previous_url": asked.url(page=str(page - 1)) if page > 1 else "",
        "next_url": asked.url(page=str(page + 1)) if page < pages else "",
    }
    return render(request, "public/search.html", context)


def facet_lists(rulebook: Rulebook) -> dict[str, list[tuple[str, str]]]:
    """The choices of each facet in the reader's language."""
    language = values.language()
    process = process_attribute(rulebook)
    processes = [(v.id, v.title.say(language)) for v in process.values] if process else []
    lists = {
        "region": rulebook.cities,
        "field": rulebook.fields,
        "tier": rulebook.tiers,
        "verification": rulebook.verifications,
        "scale": rulebook.scales,
        "service": rulebook.service_kinds,
    }
    choices = {name: listed.choices(language) for name, listed in lists.items()}
    return choices | {"process": processes}


def _things(asked: Asked, rulebook: Rulebook) -> dict[str, Any]:
    found = registry.search(asked.text, dict(asked.chosen), asked.kind, asked.page, asked.sort)
    names = ["field", "tier", "verification", "service", "process"]
    return {
        "hits": [_hit(hit) for hit in found.hits],
        "total": found.total,
        "page": found.page,
        "pages": found.pages,
        "facets": found.facets,
        "shown_facets": _facets(asked, names, rulebook, found.facets),
        "map": tile_map(
            rulebook,
            found.facets["region"],
            language=values.language(),
            link=lambda code: asked.url(region="" if asked.chosen.get("region") == code else code),
            chosen=asked.chosen.get("region", ""),
        ),
        "sorts": [
            {"words": words, "url": asked.url(sort=key), "is_current": key == asked.sort}
            for key, words in {"": _("Best first"), **sort_words()}.items()
        ],
    }


def _hit(hit: registry.Hit) -> dict[str, Any]:
    chinese = values.is_chinese()
    place = reverse("public:facility", args=[hit.code])
    return {
        "kind": hit.kind,
        "icon": ICONS[hit.kind],
        "kind_words": kind_words()[hit.kind],
        "name": hit.name if chinese else hit.name_en or hit.name,
        "facility": (hit.facility if chinese else hit.facility_en or hit.facility)
        if hit.resource
        else "",
        "url": f"{place}#resource-{hit.resource}" if hit.resource else place,
        "text": hit.text if chinese else hit.text_en or hit.text,
        "region": hit.region,
        "tier": hit.tier,
        "fields": hit.fields,
        "price": hit.price,
        "price_unit": hit.price_unit,
        "is_public_fact": hit.is_public_fact,
    }


def _cases(asked: Asked, rulebook: Rulebook) -> dict[str, Any]:
    rows = demand.public_cases(
        kind=asked.kind,
        text=asked.text,
        field=asked.chosen.get("field", ""),
        verification=asked.chosen.get("verification", ""),
        scale=asked.chosen.get("scale", ""),
    )
    pager = Paginator(rows, PER_PAGE)
    page = pager.get_page(asked.page)
    language = values.language()
    names = ["field", "verification", "scale"]
    return {
        "hits": _shown_cases(page, language),
        "total": pager.count,
        "page": page.number,
        "pages": pager.num_pages,
        "facets": {},
        "shown_facets": _facets(asked, names, rulebook, {}),
        "map": None,
        "sorts": [],
    }


def _shown_cases(rows: Iterable[Any], language: str) -> list[dict[str, Any]]:
    """Each release's form is looked up once, however many cases were handed in by it."""
    forms: dict[int | None, Form] = {}
    for row in rows:
        if row.release not in forms:
            forms[row.release] = demand.form_of(row)
    return [_case(demand.public_view(row, forms[row.release], language)) for row in rows]


def _case(shown: demand.PublicCase) -> dict[str, Any]:
    return {
        "kind": shown.kind,
        "icon": ICONS[shown.kind],
        "kind_words": kind_words()[shown.kind],
        "name": shown.title or shown.number,
        "number": shown.number,
        "url": reverse(f"public:{shown.kind}", args=[shown.number]),
        "rows": [row for row in shown.rows_below if not row.hidden][:4],
        "accepted_at": shown.accepted_at,
    }


def _facets(
    asked: Asked, names: list[str], rulebook: Rulebook, counts: Mapping[str, Mapping[str, int]]
) -> list[dict[str, Any]]:
    lists = facet_lists(rulebook)
    titles = {
        "field": _("Field"),
        "tier": _("Tier"),
        "verification": _("Verification"),
        "scale": _("Scale"),
        "service": _("Kind of service"),
        "process": _("Process"),
    }
    return [
        {"name": name, "title": titles[name], "choices": _choices(asked, name, lists[name], counts)}
        for name in names
    ]


def _choices(
    asked: Asked,
    name: str,
    listed: list[tuple[str, str]],
    counts: Mapping[str, Mapping[str, int]],
) -> list[dict[str, Any]]:
    """A click on the chosen one takes it away again; what would give nothing is left out."""
    chosen = asked.chosen.get(name)
    numbers = counts.get(name)
    return [
        {
            "words": words,
            "is_chosen": key == chosen,
            "count": None if numbers is None else numbers.get(key, 0),
            "url": asked.url(**{name: "" if key == chosen else key}),
        }
        for key, words in listed
        if numbers is None or numbers.get(key) or key == chosen
    ]


def _tabs(asked: Asked, facets: Mapping[str, Mapping[str, int]]) -> list[dict[str, Any]]:
    numbers = facets.get("kind", {})
    words = kind_words()
    return [
        {
            "title": words[kind],
            "url": asked.url(kind=kind),
            "is_current": kind == asked.kind,
            "count": numbers.get(kind, 0) if numbers and kind in numbers else None,
        }
        for kind in ("", *ICONS)
    ]


def sort_words() -> dict[str, str]:
    return {"tier": _("Tier"), "updated": _("Updated last"), "name": _("Name")}


def kind_words() -> dict[str, str]:
    return {
        "": _("All facilities’ offers"),
        "facility": _("Facilities"),
        "line": _("Lines"),
        "equipment": _("Equipment"),
        "site": _("Sites"),
        "process": _("Processes"),
        "service": _("Services"),
        "skill": _("Skills"),
        "technology": _("Technologies"),
        "need": _("Needs"),
    }
