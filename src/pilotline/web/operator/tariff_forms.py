"""The form of a tariff: its terms, and one small form for each entry. Percentages in the page are
shares and factors in the tariff."""

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pilotline.desks.booking.rules.tariff_texts import percent_of
from pilotline.desks.journal.queries import current_rulebook
from pilotline.kernel.errors import Problem, Refused
from pilotline.web.operator.tariff_entries import (
    EntryForm,
    amount,
    entry_of,
    share_of,
)
from pilotline.web.shared import fields, prices, values
from pilotline.web.shared.forms import (
    ChipsField,
    DayField,
    PageForm,
    Section,
    apply_problems,
    listed,
)

BLANK_ROWS, MOST_ROWS = 2, 60


class TermsForm(PageForm):
    """What holds for all entries of a tariff."""

    valid_from = DayField(label=gettext_lazy("Holds from"))
    valid_to = DayField(
        label=gettext_lazy("Until (that day excluded)"),
        help_text=gettext_lazy("Left open, it holds until a new version supersedes it."),
        required=False,
    )
    tax = forms.ChoiceField(label=gettext_lazy("Tax rate"))
    tax_mode = forms.ChoiceField(
        label=gettext_lazy("Tax"),
        choices=[
            ("included", gettext_lazy("is included in the prices")),
            ("added", gettext_lazy("is added")),
        ],
        widget=forms.RadioSelect,
    )
    urgent = amount(
        gettext_lazy("Urgent work"),
        unit="%",
        help_text=gettext_lazy("Of the price, for example 150. Left open: not offered."),
    )
    overhead = amount(gettext_lazy("Overhead"), unit="%")
    day_hours = amount(gettext_lazy("A day is"), unit=gettext_lazy("hours"), initial=8)
    note = forms.CharField(label=gettext_lazy("What has changed"), max_length=300, required=False)
    seen_version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        book = current_rulebook()
        self.policy = book.pricing
        rates = self.policy.tax_rates if self.policy else (Decimal(0),)
        choices = [(f"{rate:f}", prices.percent(rate)) for rate in rates]
        self.fields["tax"].choices = choices
        self.classes = listed(book.user_classes)
        for name, title in self.classes:
            self.fields[f"factor_{name}"] = amount(title, unit="%")
        self.fields["overhead_for"] = ChipsField(
            label=_("Overhead is charged to"),
            help_text=_("Nothing ticked: to everybody."),
            choices=self.classes,
            required=False,
        )

    @property
    def sections(self) -> tuple[Section, ...]:
        return (
            Section(_("When it holds"), ("valid_from", "valid_to", "note")),
            Section(
                _("Prices by class of user"),
                tuple(f"factor_{name}" for name, _title in self.classes),
                _("In percent of the list price; left open, the list price holds."),
            ),
            Section(
                _("For all entries"),
                ("urgent", "overhead", "overhead_for", "tax", "tax_mode", "day_hours"),
            ),
        )

    def content(self) -> dict[str, Any]:
        given = self.cleaned_data
        factors = {name: share_of(given[f"factor_{name}"]) for name, _title in self.classes}
        found: dict[str, Any] = {
            "factors": {name: factor for name, factor in factors.items() if factor is not None},
            "urgent": share_of(given["urgent"]),
            "overhead": share_of(given["overhead"]) or "0",
            "overhead_for": given["overhead_for"],
            "tax": given["tax"],
            "tax_mode": given["tax_mode"],
        }
        day = given["day_hours"]
        if day:
            found["hours"] = {
                "half_day": f"{day / 2:f}",
                "day": f"{day:f}",
                "week": f"{day * 5:f}",
                "month": f"{day * Decimal('21.75'):f}",
            }
        return found


def terms_of(content: Mapping[str, Any]) -> dict[str, Any]:
    """What the form shows of a stored tariff."""
    factors = content.get("factors", {})
    return {
        "tax": content.get("tax", "0"),
        "tax_mode": content.get("tax_mode", "included"),
        "urgent": percent_of(content.get("urgent")),
        "overhead": percent_of(content.get("overhead")),
        "overhead_for": content.get("overhead_for", []),
        "day_hours": (content.get("hours") or {}).get("day", "8"),
        **{f"factor_{name}": percent_of(factor) for name, factor in factors.items()},
    }


class TariffForms:
    """The terms and the entries of one tariff, shown, checked and refused together."""

    def __init__(
        self, data: Any, *, content: Mapping[str, Any], initial: Mapping[str, Any]
    ) -> None:
        self.is_bound = data is not None
        self.terms = TermsForm(data, prefix="t", initial={**terms_of(content), **initial})
        stored: Sequence[Mapping[str, Any]] = content.get("entries", ())
        count = len(stored) + BLANK_ROWS
        if data is not None:
            count = min(MOST_ROWS, _count(data.get("rows")) + (BLANK_ROWS if "more" in data else 0))
        self.rows = [
            EntryForm(
                data if data is not None and f"e{n}-kind" in data else None,
                prefix=f"e{n}",
                initial=entry_of(stored[n]) if n < len(stored) and data is None else None,
            )
            for n in range(count)
        ]

    @cached_property
    def is_valid(self) -> bool:
        return all([self.terms.is_valid(), *[row.is_valid() for row in self.rows if row.is_bound]])

    @property
    def filled(self) -> list[EntryForm]:
        return [row for row in self.rows if row.is_bound and not row.is_blank]

    def content(self) -> dict[str, Any]:
        """The tariff as the service takes it. Only of valid forms."""
        taken = {row.cleaned_data["id"] for row in self.filled}
        free = (f"e{n}" for n in range(1, 10_000) if f"e{n}" not in taken)
        entries = [row.content("" if row.cleaned_data["id"] else next(free)) for row in self.filled]
        return {"entries": entries, **self.terms.content()}

    def refused(self, refused: Refused) -> None:
        """Put every problem onto the field that it is about."""
        rows, rest = self.filled, []
        for problem in refused.problems:
            found = re.fullmatch(r"entries\.([0-9]+)\.?(.*)", problem.field)
            if found and int(found[1]) < len(rows):
                name = _field_of(found[2])
                moved = Problem(problem.code, problem.text, name)
                apply_problems(rows[int(found[1])], [moved])
            else:
                rest.append(Problem(problem.code, problem.text, _term_of(problem.field)))
        apply_problems(self.terms, rest)

    @property
    def texts(self) -> list[dict[str, str]]:
        """Everything that is wrong, for the list above the form."""
        return list(self._texts())

    def _texts(self) -> Iterator[dict[str, str]]:
        yield from fields.problems(self.terms)
        for number, row in enumerate(self.rows, start=1):
            name = (row["title"].value() or "").strip() if row.is_bound else ""
            for one in fields.problems(row):
                where = name or _("Entry %(n)d") % {"n": number}
                label = f"{where} · {one['label']}" if one.get("label") else where
                yield one | {"label": label}


def _count(text: Any) -> int:
    return int(text) if str(text).isascii() and str(text).isdigit() and len(str(text)) < 4 else 0


def _field_of(path: str) -> str:
    name, _dot, rest = path.partition(".")
    return f"price_{rest}" if name == "prices" else name


def _term_of(path: str) -> str:
    name, _dot, rest = path.partition(".")
    if name == "factors":
        return f"factor_{rest}"
    return "day_hours" if name == "hours" else name


class SampleForm(PageForm):
    """What the sample bill beside the form is for."""

    amount = amount(gettext_lazy("Use"), initial=8)
    user_class = forms.ChoiceField(label=gettext_lazy("Class of user"), required=False)
    urgent = forms.BooleanField(label=gettext_lazy("urgent"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["user_class"].choices = current_rulebook().user_classes.choices(
            values.language()
        )
