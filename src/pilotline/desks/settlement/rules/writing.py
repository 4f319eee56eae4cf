"""The text of an order as one frozen, hashed content in both languages."""

from collections.abc import Mapping
from typing import Any

from pilotline.desks.journal.rules import canonical, digest_of
from pilotline.desks.settlement.rules.capitals import in_capitals
from pilotline.kernel.money import show_yuan
from pilotline.rulebook import Rulebook
from pilotline.rulebook.model import Text


def digest_of_content(content: Mapping[str, Any]) -> str:
    """SHA-256 of the canonical text, in hex: what both sides agree to."""
    return digest_of(canonical(content))


def order_content(
    *, order: Any, terms: Any, version: int, note: str, release: int, rulebook: Rulebook
) -> dict[str, Any]:
    """Everything that is printed. `terms` is what `forms.read_terms` gave."""
    kind = rulebook.order_kinds.get(terms.kind)
    return {
        "number": order.number,
        "version": version,
        "amends": order.agreed_version,
        "note": note,
        "kind": {"id": terms.kind, **_both(kind.title if kind else None, terms.kind)},
        "title": terms.title,
        "region": _both(rulebook.region.title, ""),
        "release": release,
        "is_demo": order.is_demo,
        "parties": {"applicant": _party(order.applicant), "operator": _party(order.operator)},
        "facility": {
            "code": order.facility.code,
            "zh": order.facility.name,
            "en": order.facility.name_en or order.facility.name,
        },
        "case": order.case.number if order.case else None,
        "scope": terms.scope,
        "deliverables": [dict(row) for row in terms.deliverables],
        "milestones": [_milestone(row) for row in terms.milestones],
        "price": None if terms.price is None else str(terms.price),
        "price_shown": None if terms.price is None else show_yuan(terms.price),
        "price_capitals": None if terms.price is None else in_capitals(terms.price),
        "quotation": terms.quotation,
        "shares": {side: str(percent) for side, percent in terms.shares.items()},
        "clauses": _clauses(terms.clauses, rulebook),
        "extra": terms.extra,
        "starts": terms.starts,
        "ends": terms.ends,
    }


def _milestone(row: Mapping[str, Any]) -> dict[str, Any]:
    paid = row["payment"]
    return {
        "title": row["title"],
        "due": row["due"],
        "payment": None if paid is None else str(paid),
        "payment_shown": None if paid is None else show_yuan(paid),
    }


def _both(text: Text | None, otherwise: str) -> dict[str, str]:
    return {"zh": text.zh if text else otherwise, "en": text.en if text else otherwise}


def _party(organisation: Any) -> dict[str, str]:
    return {
        "name": organisation.name,
        "credit_code": organisation.credit_code,
        "address": organisation.address,
        "contact": organisation.contact,
        "phone": organisation.phone,
    }


def _clauses(chosen: Mapping[str, str], rulebook: Rulebook) -> list[dict[str, Any]]:
    """The chosen clauses in the order of their groups, with their wording of this release."""
    rows = []
    for group in rulebook.order_groups:
        clause = rulebook.order_clauses.get(chosen.get(group.id, ""))
        if clause is not None:
            rows.append(
                {
                    "group": {"id": group.id, **_both(group.title, group.id)},
                    "clause": {"id": clause.id, **_both(clause.title, clause.id)},
                    "text": _both(clause.text, ""),
                }
            )
    return rows
