"""How resources are booked: the list of all that could be, and one resource's settings."""

from dataclasses import replace
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pilotline.desks.booking import queries, services
from pilotline.desks.booking.rules.settings import read_minute, show_minute
from pilotline.kernel.errors import Problem, Refused
from pilotline.web.shared import book, facility_view, values
from pilotline.web.shared.fields import Section
from pilotline.web.shared.forms import (
    LongField,
    OneOfField,
    PageForm,
    apply_problems,
    listed,
    render_form,
)
from pilotline.web.shared.lists import Column, Empty, ListPage

DAYS = (
    gettext_lazy("Monday"), gettext_lazy("Tuesday"), gettext_lazy("Wednesday"),
    gettext_lazy("Thursday"), gettext_lazy("Friday"), gettext_lazy("Saturday"),
    gettext_lazy("Sunday"),
)  # fmt: skip
PLAIN = ("is_open", "is_public", "days", "through", "slot", "shortest", "longest", "lead")
PLAIN += ("horizon_days", "changeover", "approval", "licence", "pieces", "about")
FRESH = {"openings_0": "08:30-17:30", "slot": 60, "shortest": 60, "longest": 20160}
FRESH |= {"pieces": 1}
FRESH |= {"lead": 0, "horizon_days": 365, "changeover": 0, "is_open": True, "is_public": True}


class BookableForm(PageForm):
    """All settings of one resource; opening hours as people write them."""

    is_open = forms.BooleanField(label=gettext_lazy("Can be booked"), required=False)
    is_public = forms.BooleanField(
        label=gettext_lazy("Show on the public page what is free when"), required=False
    )
    days = OneOfField(
        label=gettext_lazy("Opening hours hold"),
        choices=[
            ("working", gettext_lazy("on working days by the official calendar")),
            ("every", gettext_lazy("on every day")),
        ],
    )
    through = forms.BooleanField(
        label=gettext_lazy("A use may run through closed hours, only its start and end may not"),
        required=False,
    )
    slot = forms.IntegerField(label=gettext_lazy("Steps (minutes)"))
    shortest = forms.IntegerField(label=gettext_lazy("Shortest use (minutes)"))
    longest = forms.IntegerField(label=gettext_lazy("Longest use (minutes)"))
    lead = forms.IntegerField(label=gettext_lazy("Notice before the start (minutes)"))
    horizon_days = forms.IntegerField(label=gettext_lazy("How far ahead (days)"))
    approval = forms.BooleanField(
        label=gettext_lazy("I want to approve each booking"), required=False
    )
    licence = forms.BooleanField(
        label=gettext_lazy("Only for people with training or a licence"), required=False
    )
    pieces = forms.IntegerField(
        label=gettext_lazy("Equal pieces"),
        help_text=gettext_lazy("Each is booked on its own: while one is free, it can be booked."),
        min_value=1,
        required=False,
    )
    changeover = forms.IntegerField(label=gettext_lazy("Usual changeover between uses (minutes)"))
    changeovers = LongField(
        label=gettext_lazy("By material family"),
        help_text=gettext_lazy(
            "One a line: before > after: minutes. A star stands for any family."
        ),
        most=8000,
        rows=5,
        required=False,
    )
    about = LongField(
        label=gettext_lazy("What users should know"), most=1000, rows=3, required=False
    )
    sections = (
        Section(
            gettext_lazy("Booking"),
            ("is_open", "is_public", "approval", "licence", "pieces", "scale"),
        ),
        Section(
            gettext_lazy("Opening hours"),
            ("days", *(f"openings_{n}" for n in range(7)), "through"),
            gettext_lazy(
                "Such as 08:30-12:00, 13:30-17:30; empty is closed; 00:00-24:00 is all day."
            ),
        ),
        Section(
            gettext_lazy("Lengths and notice"),
            ("slot", "shortest", "longest", "lead", "horizon_days"),
        ),
        Section(gettext_lazy("Cleaning and set-up"), ("changeover", "changeovers")),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number, day in enumerate(DAYS):
            self.fields[f"openings_{number}"] = forms.CharField(
                label=day, required=False, max_length=120
            )
        rulebook = book.rulebook()
        scales = listed(rulebook.scales) if rulebook else []
        self.fields["scale"] = forms.ChoiceField(
            label=_("Scale"),
            help_text=_("How full it should be depends on its scale."),
            choices=[("", "—"), *scales],
            required=False,
        )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        given["hours"] = [row for n in range(7) for row in self._hours(n, given)]
        given["pairs"] = list(self._pairs(given.get("changeovers", "")))
        return given

    def _hours(self, number: int, given: dict[str, Any]) -> list[tuple[int, int, int]]:
        found = []
        text = given.get(f"openings_{number}", "")
        for part in text.replace("，", ",").replace("、", ",").replace("；", ",").split(","):
            if not part.strip():
                continue
            start, _dash, end = part.replace("–", "-").replace("—", "-").partition("-")
            opens, closes = read_minute(start), read_minute(end)
            if opens is None or closes is None:
                wrong = _("“%(text)s” are no opening hours.") % {"text": part.strip()[:40]}
                self.add_error(f"openings_{number}", wrong)
            else:
                found.append((number, opens, closes))
        return found

    def _pairs(self, text: str) -> Any:
        names = _families()
        for line in text.splitlines():
            if not line.strip():
                continue
            pair, _colon, minutes = line.replace("：", ":").rpartition(":")
            before, arrow, after = pair.replace("→", ">").replace("》", ">").partition(">")
            ids = [names.get(word.strip().casefold()) for word in (before, after)]
            number = minutes.strip()
            if not arrow or None in ids or not (number.isdecimal() and len(number) < 7):
                wrong = _("This line cannot be read: %(line)s") % {"line": line.strip()[:60]}
                self.add_error("changeovers", wrong)
            else:
                yield (ids[0] or "", ids[1] or "", int(number))


def _families() -> dict[str, str]:
    """Every name of a material family, and a star for any."""
    rulebook = book.rulebook()
    found = {"*": "", "＊": ""}
    for family in rulebook.material_families if rulebook else ():
        for name in (family.id, family.title.zh, family.title.en, *family.synonyms):
            found[name.casefold()] = family.id
    return found


def bookables(request: HttpRequest) -> HttpResponse:
    """My lines, equipment, sites and skills, opened for booking or not yet."""

    def attach(rows: list[Any]) -> None:
        known = queries.settings_by_resource(row.pk for row in rows)
        for row in rows:
            row.settings = known.get(row.pk)

    return ListPage(
        name="bookables",
        title=gettext_lazy("What can be booked"),
        rows=queries.bookable_things(who=request.who),
        attach=attach,
        columns=_columns(),
        search=("name", "facility__name"),
        order=("facility", "position", "pk"),
        empty=Empty(
            gettext_lazy("Enter your lines and equipment first"),
            "",
            reverse("operator:facilities"),
            gettext_lazy("My facilities"),
        ),
    ).respond(request, "operator/bookables.html")


def _columns() -> list[Column]:
    return [
        Column(
            name="name",
            title=gettext_lazy("Resource"),
            link=lambda r: reverse("operator:bookable", args=[r.pk]),
            sort="name",
            leading=True,
        ),
        Column(
            name="kind",
            title=gettext_lazy("Kind"),
            value=lambda r: str(facility_view.KIND_WORDS[r.kind]),
            sort="kind",
        ),
        Column(
            name="facility",
            title=gettext_lazy("Facility"),
            value=lambda row: facility_view.name_of(row.facility),
        ),
        Column(
            name="state",
            title=gettext_lazy("State"),
            value=lambda r: "open" if r.settings and r.settings.is_open else "shut",
            show="badge",
            words={"open": gettext_lazy("can be booked"), "shut": gettext_lazy("not yet")},
            tones={"open": "good"},
        ),
        Column(
            name="approval",
            title=gettext_lazy("Owner’s approval"),
            value=lambda r: bool(r.settings and r.settings.approval),
            show="flag",
        ),
        Column(
            name="licence",
            title=gettext_lazy("Licence"),
            value=lambda r: bool(r.settings and r.settings.licence),
            show="flag",
        ),
    ]


def bookable(request: HttpRequest, resource: int) -> HttpResponse:
    """One resource's settings."""
    found = queries.settings_of(who=request.who, id=resource)
    thing = queries.bookable_things(who=request.who).filter(pk=resource).first()
    form = BookableForm(request.POST or None, initial=_initial(found))
    if form.is_valid():
        given = form.cleaned_data
        try:
            services.set_bookable(
                who=request.who,
                resource=resource,
                values={n: given[n] for n in (*PLAIN, "scale") if given[n] is not None},
                openings=given["hours"],
                changeovers=given["pairs"],
                now=timezone.now(),
            )
        except Refused as refused:
            apply_problems(form, [_at_its_day(problem) for problem in refused.problems])
        else:
            messages.success(request, _("Saved."))
            return redirect("operator:bookables")
    context = {"thing": thing, "cancel_url": reverse("operator:bookables")}
    return render_form(request, "operator/bookable.html", context, form)


def _at_its_day(problem: Problem) -> Problem:
    """A problem of opening hours at the field of its day of the week."""
    day = problem.data.get("weekday")
    return problem if day is None else replace(problem, field=f"openings_{day}")


def _initial(found: Any) -> dict[str, Any]:
    if found is None:
        return FRESH | {f"openings_{n}": FRESH["openings_0"] for n in range(5)}
    initial: dict[str, Any] = {name: getattr(found, name) for name in (*PLAIN, "scale")}
    for number in range(7):
        initial[f"openings_{number}"] = ", ".join(
            f"{show_minute(o.start)}-{show_minute(o.end)}"
            for o in found.openings.all()
            if o.weekday == number
        )
    initial["changeovers"] = "\n".join(
        f"{_title(c.before)} > {_title(c.after)}: {c.minutes}" for c in found.changeovers.all()
    )
    return initial


def _title(family: str) -> str:
    return values.title("material_families", family) if family else "*"
