"""How a case is shown: only the answers that may be seen, in the reader's words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from pilotline.desks.demand.models import Aside, Attachment, Case
from pilotline.desks.demand.queries.cases import insights_of, released_case
from pilotline.desks.demand.rules import (
    is_owner,
    open_fields,
    problems_from,
    public_fields,
    sight,
)
from pilotline.desks.journal.queries import current_rulebook, rulebook_of
from pilotline.kernel.actor import Actor
from pilotline.kernel.errors import Problem
from pilotline.kernel.money import show_yuan
from pilotline.rulebook import Form, FormField, Text

YES_NO = {True: Text("是", "yes"), False: Text("否", "no")}


@dataclass(frozen=True, slots=True)
class ShownRow:
    """One question and its answer in the reader's words; `hidden` marks a confidential one."""

    field: str
    title: str
    text: str
    hidden: bool
    is_long: bool


@dataclass(frozen=True, slots=True)
class ShownSection:
    """A heading of the form and the answered questions below it."""

    title: str
    rows: tuple[ShownRow, ...]


@dataclass(frozen=True, slots=True)
class PublicCase:
    """What everybody may see of a case: the title, and what was released."""

    number: str
    kind: str
    title: str
    status: str
    accepted_at: datetime | None
    is_demo: bool
    is_released: bool
    rows: tuple[ShownRow, ...]
    title_field: str = ""

    @property
    def rows_below(self) -> tuple[ShownRow, ...]:
        """What stands below the title: all but the title itself."""
        return tuple(row for row in self.rows if row.title and row.field != self.title_field)

    def text(self, field: str) -> str:
        """The released answer to one question, or nothing."""
        return next((row.text for row in self.rows if row.field == field), "")


def form_of(case: Case) -> Form:
    """The form a case was handed in by; for a draft the one that is in force."""
    rulebook = rulebook_of(case.release) if case.release else current_rulebook()
    return rulebook.forms[case.kind]


def visible_answers(*, who: Actor, case: Case) -> dict[str, Any]:
    """The answers this actor may see, keyed by the form's fields."""
    shown = open_fields(case, form_of(case), sight(who, case, insights_of(who, case)))
    return {field: given for field, given in case.answers.items() if field in shown}


def shown_sections(*, who: Actor, case: Case, language: str) -> list[ShownSection]:
    """The answers this actor may see, by the form's sections, without empty ones."""
    form, answers = form_of(case), visible_answers(who=who, case=case)
    hidden = form.confidential_ids | frozenset(case.confidential)
    found = []
    for section in form.sections:
        rows = tuple(_rows(form.in_section(section.id), answers, hidden, language))
        if rows:
            found.append(ShownSection(section.title.say(language), rows))
    return found


def public_case(*, number: str, language: str) -> PublicCase:
    """The public page of an accepted case. Raises NotFound, for withdrawn ones too."""
    found = released_case(number)
    return public_view(found, form_of(found), language)


def public_view(case: Case, form: Form, language: str) -> PublicCase:
    """What everybody may see of this case. `form` is the one it was handed in by."""
    shown = public_fields(case, form)
    answers = {field: given for field, given in case.answers.items() if field in shown}
    return PublicCase(
        number=case.number or "",
        kind=case.kind,
        title=case_title(case, language) if shown else "",
        status=case.status,
        accepted_at=case.accepted_at,
        is_demo=case.is_demo,
        is_released=bool(case.released),
        rows=tuple(_rows(form.fields, answers, frozenset(), language)),
        title_field=title.id if (title := form.by_role("title")) else "",
    )


def case_title(case: Case, language: str) -> str:
    """The title, in English where the reader wants that and there is one."""
    return case.title_en if case.title_en and not language.startswith("zh") else case.title


def _rows(
    fields: tuple[FormField, ...],
    answers: Mapping[str, Any],
    hidden: frozenset[str],
    language: str,
) -> list[ShownRow]:
    return [
        ShownRow(f.id, f.title.say(language), text, f.id in hidden, f.type == "long_text")
        for f in fields
        if (text := answer_text(f, answers.get(f.id), language))
    ]


def answer_text(field: FormField, given: Any, language: str) -> str:
    """One answer in words: titles for ids, yuan with separators. Empty for no answer."""
    if given is None or given == "" or given == []:
        return ""
    if field.type == "flag":
        return YES_NO[bool(given)].say(language)
    if field.type == "choice":
        return field.option_title(str(given), language)
    if field.type == "choices":
        listed = given if isinstance(given, list) else [given]
        join = "、" if language.startswith("zh") else ", "
        return join.join(field.option_title(str(one), language) for one in listed)
    if field.type == "money":
        try:
            amount = show_yuan(Decimal(str(given)))
        except InvalidOperation:
            return str(given)
        return f"{amount} 元" if language.startswith("zh") else f"CNY {amount}"
    return str(given)


def missing(case: Case, today: date) -> list[Problem]:
    """Everything that keeps a case from being complete, by the form in force, all at once."""
    form = current_rulebook().forms[case.kind]
    asked = form.by_role("attachments")
    files = Attachment.objects.filter(case=case, removed_at=None).values_list("name", flat=True)
    answers = case.answers | ({asked.id: list(files)} if asked else {})
    return problems_from(form.missing(answers, today))


def asides(*, who: Actor, case: Case) -> list[Aside]:
    """Answers that could not be saved for somebody was faster, newest first, for the applicant."""
    return list(case.asides.all()) if is_owner(who, case) else []
