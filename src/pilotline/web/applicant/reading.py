"""What was read from a case's text, beside the words it was read from."""

from typing import Any

from django.http import HttpRequest

from pilotline.desks.demand import queries
from pilotline.desks.demand.forms import TEXT_ROLES
from pilotline.desks.demand.rules import may
from pilotline.desks.journal.queries import current_rulebook
from pilotline.rulebook import Rulebook
from pilotline.web.shared.values import language


def panel(request: HttpRequest, case: Any, **more: Any) -> dict[str, Any]:
    """What the panel of requirements shows. `more` may hold problems and what was typed."""
    lang, rulebook = language(), current_rulebook()
    form = rulebook.forms[case.kind]
    rows = queries.requirements(case.pk)
    shown = queries.shown_requirements(who=request.who, case=case, language=lang)
    texts = []
    for role in TEXT_ROLES:
        asked = form.by_role(role)
        text = str(case.answers.get(asked.id) or "") if asked else ""
        if asked and text.strip():
            here = [row for row in rows if row.source == asked.id]
            pieces = queries.marked_text(text, here)
            texts.append({"title": asked.title.say(lang), "pieces": pieces, "has": bool(here)})
    return {
        "case": case,
        "is_draft": may("save", case),
        "texts": texts,
        "requirements": shown,
        "offered": sum(1 for row in shown if row.state == "offered"),
        "answers_offered": _answers(case, form, lang),
        "vocabulary": _vocabulary(rulebook, lang),
        **more,
    }


def _answers(case: Any, form: Any, lang: str) -> list[dict[str, str]]:
    """Answers that the text gives to questions that are still open."""
    return [
        {
            "field": offer["field"],
            "title": asked.title.say(lang),
            "text": queries.answer_text(asked, offer["value"], lang),
            "words": offer["words"],
        }
        for offer in case.offered
        if (asked := form.field(offer["field"])) and not case.answers.get(offer["field"])
    ]


def _vocabulary(rulebook: Rulebook, lang: str) -> list[tuple[str, list[tuple[str, str]]]]:
    """All attributes by their groups, each with its unit or first values as a hint."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for attribute in rulebook.attributes:
        hint = f" ({attribute.symbol})" if attribute.symbol else ""
        group = groups.setdefault(attribute.group_title.say(lang), [])
        group.append((attribute.id, attribute.title.say(lang) + hint))
    return list(groups.items())
