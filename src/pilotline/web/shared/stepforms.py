"""The forms of a step: give it an outcome, answer what it asks, urge whoever has it."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Self

from django import forms
from django.utils.translation import gettext_lazy as _

from pilotline.desks.review.rules.proceedings import MAX_URGE, MAX_WORDS
from pilotline.web.shared.forms import DayField, LongField, OneOfField, PageForm
from pilotline.web.shared.steps import outcome as outcome_words
from pilotline.web.shared.values import language

ROWS = 3


class FinishForm(PageForm):
    """What came out of a step, and why; a decision has room for conditions with dates."""

    @classmethod
    def of(cls, run: Any, ways: Mapping[str, str], rulebook: Any, data: Any = None) -> Self:
        form = cls(data, auto_id=f"finish{run.pk}_%s")
        order = rulebook.outcomes.ids if rulebook else tuple(ways)
        names = [name for name in order if name in ways]
        form.fields["outcome"] = OneOfField(
            label=_("Outcome"),
            choices=[(name, outcome_words(name, rulebook)[0]) for name in names],
        )
        form.fields["reasons"] = LongField(
            label=_("Reasons"), most=MAX_WORDS, rows=3, required=False
        )
        if run.act == "readiness" and rulebook and len(rulebook.readiness):
            form._readiness(rulebook)
        if run.act == "decision" and run.proceeding.subject_kind == "project":
            form._conditions()
        return form

    def _readiness(self, rulebook: Any) -> None:
        choices = [(s.id, s.title.say(language())) for s in rulebook.readiness]
        self.fields["scale"] = OneOfField(label=_("Scale"), choices=choices, required=False)
        self.fields["level"] = forms.CharField(label=_("Level"), max_length=20, required=False)

    def _conditions(self) -> None:
        for at in range(ROWS):
            self.fields[f"condition_{at}"] = forms.CharField(
                label=_("Condition"), max_length=1000, required=False
            )
            self.fields[f"due_{at}"] = DayField(label=_("To be met by"), required=False)


class AnswerForm(PageForm):
    """The applicant answers what a step waits for."""

    answer = LongField(label=_("Your answer"), most=MAX_WORDS, rows=3, required=False)


class UrgeForm(PageForm):
    """Ask for speed, or take a step under supervision."""

    kind = OneOfField(
        label=_("In which way"), choices=[("urge", _("Urge")), ("supervise", _("Supervise"))]
    )
    words = LongField(label=_("Words"), most=MAX_URGE, rows=2, required=False)


def conditions_of(data: Mapping[str, Any]) -> list[tuple[str, date | None]]:
    """The conditions that were typed, without empty rows; a day that cannot be read is none."""
    found = []
    for at in range(ROWS):
        text = str(data.get(f"condition_{at}", ""))
        try:
            due = date.fromisoformat(str(data.get(f"due_{at}", "")))
        except ValueError:
            due = None
        if text.strip() or due:
            found.append((text, due))
    return found
