"""A form of the rulebook as a form of the page.

What is asked and what is wrong is the rulebook's; here it is only laid out. The typed answers are
shown again whatever is wrong with them.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django import forms
from django.forms.utils import ErrorDict
from django.utils.translation import gettext as _

from pilotline.desks.demand.forms import WHOLE
from pilotline.desks.demand.rules import may_hide
from pilotline.kernel.errors import Problem
from pilotline.rulebook import Form, FormField
from pilotline.rulebook.answers import LONGEST_TEXT
from pilotline.web.shared.forms import ChipsField, LongField, OneOfField, PageForm, Section
from pilotline.web.shared.values import language

HIDE, TITLE_EN = "confidential", "title_en"


class AnswersForm(PageForm):
    """The questions of one kind of case with what was answered so far."""

    def __init__(
        self, asked: Form, case: Any, today: date, *, problems: Iterable[Problem] = ()
    ) -> None:
        self.found = list(problems)
        given = {**case.answers, TITLE_EN: case.title_en, HIDE: case.confidential}
        lang = language()
        super().__init__(data=given if self.found else None, initial=given, auto_id="f_%s")
        for question in asked.fields:
            if question.type != "files":
                self.fields[question.id] = _field(question, given.get(question.id), today, lang)
        self._more(asked, lang)
        for name in ("version", WHOLE):
            self.fields[name] = forms.CharField(widget=forms.HiddenInput, required=False)
        self.initial |= {"version": case.version, WHOLE: "1"}
        self.data = {**given, **self.initial} if self.found else {}
        self.sections = _sections(asked, self.fields, lang)

    def _more(self, asked: Form, lang: str) -> None:
        """The title in English, and which long answers are confidential beyond those always so."""
        title = asked.by_role("title")
        if title:
            self.fields[TITLE_EN] = title_in_english()
        hideable = [f for f in asked.fields if f.id in may_hide(asked)]
        if hideable:
            self.fields[HIDE] = ChipsField(
                label=_("Keep these answers confidential too"),
                choices=[(f.id, f.title.say(lang)) for f in hideable],
                required=False,
                help_text=_(
                    "Facilities you ask see them only after you have agreed to work together"
                ),
            )

    def full_clean(self) -> None:
        """What is wrong was found by the desk; a page form checks nothing of its own."""
        self._errors = ErrorDict()
        self.cleaned_data = {}
        if not self.is_bound:
            return
        for problem in self.found:
            place = problem.field if problem.field in self.fields else None
            self.add_error(place, str(problem.text))


def title_in_english() -> forms.CharField:
    return forms.CharField(
        label=_("Title in English"),
        required=False,
        help_text=_("Shown to readers of the English pages"),
    )


def _sections(asked: Form, fields: Mapping[str, Any], lang: str) -> tuple[Section, ...]:
    """The rulebook's sections; what belongs to the title and to secrets stands beside them."""
    title, secret = asked.by_role("title"), asked.by_role("confidential")
    laid = []
    for section in asked.sections:
        names: list[str] = []
        for question in asked.in_section(section.id):
            names.append(question.id)
            if question is title:
                names.append(TITLE_EN)
            if question is secret:
                names.append(HIDE)
        laid.append(Section(section.title.say(lang), tuple(n for n in names if n in fields)))
    return tuple(laid)


def _field(question: FormField, given: Any, today: date, lang: str) -> forms.Field:
    common: dict[str, Any] = {
        "label": question.title.say(lang),
        "help_text": question.help.say(lang) if question.help else "",
        "required": question.required,
    }
    make = KINDS.get(question.type, _line)
    return make(question, given, today, common)


def _line(question: FormField, _given: Any, _today: date, common: dict[str, Any]) -> forms.Field:
    kinds = {"phone": "tel", "email": "email"}
    attrs: dict[str, Any] = {"type": kinds.get(question.type, "text")}
    hints = {"contact_phone": "tel", "contact_email": "email", "contact_name": "name"}
    if question.role in hints:
        attrs["autocomplete"] = hints[question.role]
    return forms.CharField(widget=forms.TextInput(attrs=attrs), **common)


def _long(question: FormField, _given: Any, _today: date, common: dict[str, Any]) -> forms.Field:
    rows = 8 if question.role == "body" else 4
    return LongField(most=question.limits.max_length or LONGEST_TEXT, rows=rows, **common)


def _figure(question: FormField, _given: Any, _today: date, common: dict[str, Any]) -> forms.Field:
    field = forms.CharField(widget=forms.TextInput(attrs={"inputmode": "decimal"}), **common)
    field.unit = _("yuan") if question.type == "money" else ""
    return field


def _day(question: FormField, given: Any, today: date, common: dict[str, Any]) -> forms.Field:
    """A calendar field; one that holds something else than a day stays a text, to be seen."""
    attrs = {"type": "date"}
    if question.limits.not_before == "today":
        attrs["min"] = today.isoformat()
    try:
        date.fromisoformat(given or today.isoformat())
    except (TypeError, ValueError):
        attrs = {"type": "text"}
    return forms.CharField(widget=forms.TextInput(attrs=attrs), **common)


def _one(question: FormField, given: Any, today: date, common: dict[str, Any]) -> forms.Field:
    return OneOfField(choices=_choices(question, [given], today), **common)


def _any(question: FormField, given: Any, today: date, common: dict[str, Any]) -> forms.Field:
    listed = given if isinstance(given, list) else []
    return ChipsField(choices=_choices(question, listed, today), **common)


def _choices(question: FormField, given: list[Any], today: date) -> list[tuple[str, str]]:
    """What may be chosen today, and what was chosen while it was on the list."""
    lang = language()
    choices = question.choices(lang, today)
    known = {key for key, _words in choices}
    older = [(g, question.option_title(g, lang)) for g in given if g and g not in known]
    return choices + older


def _tick(question: FormField, _given: Any, _today: date, common: dict[str, Any]) -> forms.Field:
    return forms.BooleanField(**common)


KINDS = {
    "long_text": _long,
    "number": _figure,
    "money": _figure,
    "date": _day,
    "choice": _one,
    "choices": _any,
    "flag": _tick,
}
