"""Bookings as pages show them: states in words, lists, and one booking for either side."""

from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from pilotline.desks.booking import queries, services
from pilotline.desks.booking.rules.wishes import MOST_WORDS, Wish
from pilotline.desks.booking.services import prices as pricing
from pilotline.kernel.errors import Conflict, NotFound, Problem, Refused
from pilotline.web.shared import prices, values
from pilotline.web.shared.cells import Column
from pilotline.web.shared.facility_view import name_of
from pilotline.web.shared.filters import Filter
from pilotline.web.shared.forms import LongField, PageForm, apply_problems

STATES = {
    "held": pgettext_lazy("booking", "held"),
    "asked": pgettext_lazy("booking", "waits for approval"),
    "confirmed": pgettext_lazy("booking", "confirmed"),
    "used": pgettext_lazy("booking", "in use"),
    "closed": pgettext_lazy("booking", "closed"),
    "expired": pgettext_lazy("booking", "ran out"),
    "cancelled": pgettext_lazy("booking", "cancelled"),
    "declined": pgettext_lazy("booking", "not approved"),
}
TONES = {
    "held": "warn",
    "asked": "warn",
    "confirmed": "good",
    "used": "info",
    "closed": "quiet",
    "expired": "quiet",
    "cancelled": "quiet",
    "declined": "bad",
}
WAITING_STATES = {
    "waiting": pgettext_lazy("waiting", "in line"),
    "offered": pgettext_lazy("waiting", "offered"),
    "taken": pgettext_lazy("waiting", "taken"),
    "lapsed": pgettext_lazy("waiting", "not answered in time"),
    "left": pgettext_lazy("waiting", "left"),
}
WAITING_TONES = {"waiting": "info", "offered": "warn", "taken": "good"}
CLOSURES = {
    "maintenance": gettext_lazy("Maintenance"),
    "calibration": gettext_lazy("Calibration"),
    "other": gettext_lazy("Out of use"),
}
MOMENT = "%Y-%m-%dT%H:%M"
SEARCH = ("number", "purpose", "organisation__name", "occupations__resource__name")


class MomentField(forms.DateTimeField):
    """A time of the place, chosen from the browser's own calendar or typed."""

    default_error_messages = {
        "invalid": gettext_lazy("No calendar has this time: write it as 2027-03-01 09:00."),
    }

    def __init__(self, **kwargs: Any) -> None:
        attrs = {"type": "datetime-local", "step": 300}
        kwargs.setdefault("widget", forms.DateTimeInput(format=MOMENT, attrs=attrs))
        kwargs.setdefault("input_formats", [MOMENT, "%Y-%m-%d %H:%M", "%Y/%m/%d %H:%M"])
        super().__init__(**kwargs)


def choices_of(bookables: Iterable[Any], here: int | None = None) -> list[tuple[str, str]]:
    """Resources to choose from: with the code where two are called alike, and with the facility
    where it is another than `here`."""
    listed = list(bookables)
    often = Counter((b.resource.facility_id, b.resource.name) for b in listed)
    found = []
    for bookable in listed:
        thing = bookable.resource
        name = name_of(thing)
        if often[thing.facility_id, name] > 1:
            name += f" {thing.code}"
        if here is not None and thing.facility_id != here:
            name += f" · {name_of(thing.facility)}"
        found.append((str(bookable.pk), name))
    return found


class ReasonForm(PageForm):
    """Why something is given back or not approved."""

    reason = LongField(label=gettext_lazy("Reason"), most=MOST_WORDS, rows=3, required=False)


class MoveForm(PageForm):
    """New times for each resource of a booking."""

    def __init__(self, *args: Any, times: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.times = times
        for row in times:
            for end, label in (("start", _("from")), ("end", _("to"))):
                self.fields[f"{end}_{row.pk}"] = MomentField(
                    label=f"{name_of(row.resource)} · {label}",
                    initial=row.use.lower if end == "start" else row.use.upper,
                )

    def wishes(self) -> list[Wish]:
        given = self.cleaned_data
        return [
            Wish(row.resource_id, given[f"start_{row.pk}"], given[f"end_{row.pk}"])
            for row in self.times
        ]


class MinutesForm(PageForm):
    """What was measured, in minutes, for each time on the reader's own resources."""

    def __init__(self, *args: Any, times: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for row in times:
            booked = int((row.use.upper - row.use.lower).total_seconds() // 60)
            self.fields[f"minutes_{row.pk}"] = forms.IntegerField(
                label=name_of(row.resource),
                help_text=_("Minutes; booked were %(n)d.") % {"n": booked},
                initial=booked,
                min_value=0,
            )

    def minutes(self) -> dict[int, int]:
        return {int(name.partition("_")[2]): n for name, n in self.cleaned_data.items()}


def columns(link: Callable[[Any], str], *, side: str) -> list[Column]:
    """Number, what and when; whose it is for the operator, where it is for the applicant."""
    whose = Column(name="organisation", title=gettext_lazy("Applicant"), value="organisation.name")
    where = Column(name="facility", title=gettext_lazy("Facility"), value=facilities_of)
    return [
        Column(name="number", title=pgettext_lazy("paper", "Number"), link=link, sort="number"),
        Column(
            name="resources",
            title=gettext_lazy("Resources"),
            value=resources_of,
            link=link,
            leading=True,
        ),
        where if side == "applicant" else whose,
        Column(name="starts", title=gettext_lazy("From"), show="when", sort="starts"),
        Column(name="ends", title=gettext_lazy("To"), show="when", sort="ends"),
        Column(
            name="state",
            title=gettext_lazy("State"),
            show="badge",
            words=STATES,
            tones=TONES,
            sort="state",
        ),
        Column(name="purpose", title=gettext_lazy("Purpose")),
    ]


def filters() -> list[Filter]:
    return [
        Filter(
            name="state", title=gettext_lazy("State"), lookup="state", choices=list(STATES.items())
        ),
        Filter(name="starts", title=gettext_lazy("From"), lookup="starts", kind="dates"),
    ]


def resources_of(booking: Any) -> str:
    joint = "、" if values.is_chinese() else ", "
    return joint.join(dict.fromkeys(name_of(row.resource) for row in booking.times))


def facilities_of(booking: Any) -> str:
    joint = "、" if values.is_chinese() else ", "
    return joint.join(dict.fromkeys(name_of(row.resource.facility) for row in booking.times))


def booking_page(request: HttpRequest, id: int, *, side: str) -> HttpResponse:
    """Read one booking, and make one move with it."""
    found = queries.booking(who=request.who, id=id)
    if side not in queries.sides(who=request.who, booking=found):
        raise NotFound
    mine = queries.own_times(who=request.who, booking=found)
    shown: dict[str, Any] = {
        "reason": ReasonForm(auto_id="reason_%s"),
        "move": MoveForm(times=found.times, auto_id="move_%s"),
        "minutes": MinutesForm(times=mine, auto_id="minutes_%s"),
    }
    problems: list[Problem] = []
    if request.method == "POST":
        answer, problems = _act(request, found, side, shown, mine)
        if answer is not None:
            return answer
    _number_pieces(found)
    now = timezone.now()
    costs = queries.costs(booking=found, now=now)
    listed = pricing.price_of(who=request.who, booking=id, now=now)
    context = {
        "booking": found,
        "side": side,
        "state": (STATES[found.state], TONES[found.state]),
        "costs": costs,
        "price": prices.shown_booking(listed),
        "fees": {
            "changing": pricing.fee_of(listed, costs.changing),
            "cancelling": pricing.fee_of(listed, costs.cancelling),
            "due": pricing.fee_of(listed, found.fee_percent),
        },
        "moves": moves(found, side, mine),
        "problems": problems,
        "back": reverse(f"{side}:bookings"),
        "rules": queries.booking_rules(),
        **shown,
    }
    status = 422 if problems or any(f.is_bound and f.errors for f in shown.values()) else 200
    return render(request, "shared/booking.html", context, status=status)


def _number_pieces(booking: Any) -> None:
    """Say which of several equal pieces a time is on, where that is a question at all."""
    often = [row.resource_id for row in booking.times]
    for row in booking.times:
        several = row.piece > 1 or often.count(row.resource_id) > 1
        row.piece_shown = row.piece if several else None


def moves(booking: Any, side: str, mine: list[Any]) -> set[str]:
    """What may be done with it now, from this side."""
    now, state = timezone.now(), booking.state
    found = set()
    if side == "applicant":
        if state == "held":
            found |= {"confirm"}
        if state in ("held", "asked", "confirmed") and booking.starts > now:
            found |= {"cancel", "change"}
        return found
    if state == "asked" and any(row.approval == "asked" for row in mine):
        found |= {"approve", "decline"}
    if state in ("held", "asked", "confirmed") and booking.starts > now:
        found |= {"cancel"}
    if state == "confirmed" and booking.starts <= now:
        found |= {"use"}
    if state == "used":
        found |= {"close"}
    return found


DONE = {
    "confirm": gettext_lazy("Done. See its state on this page."),
    "cancel": gettext_lazy("Given back."),
    "change": gettext_lazy("Moved."),
    "approve": gettext_lazy("Approved."),
    "decline": gettext_lazy("Not approved; the applicant is told why."),
    "use": gettext_lazy("Noted: the use has begun."),
    "close": gettext_lazy("Measured and closed."),
}


def _act(
    request: HttpRequest, found: Any, side: str, shown: dict[str, Any], mine: list[Any]
) -> tuple[HttpResponse | None, list[Problem]]:
    """Make the move that the page sent; what is wrong goes onto its form or above the page."""
    move = request.POST.get("move", "")
    form = None
    if move in ("cancel", "decline"):
        form = shown["reason"] = ReasonForm(request.POST, auto_id="reason_%s")
    elif move == "change":
        form = shown["move"] = MoveForm(request.POST, times=found.times, auto_id="move_%s")
    elif move == "close":
        form = shown["minutes"] = MinutesForm(request.POST, times=mine, auto_id="minutes_%s")
    if move not in DONE or (form is not None and not form.is_valid()):
        return None, []
    try:
        _do(request, found.pk, move, form)
    except Refused as refused:
        if form is None:
            return None, list(refused.problems)
        apply_problems(form, refused)
        return None, []
    except Conflict as conflict:
        return None, [Problem("conflict", conflict.text)]
    messages.success(request, DONE[move])
    return redirect(f"{side}:booking", found.pk), []


def _do(request: HttpRequest, id: int, move: str, form: Any) -> None:
    given: dict[str, Any] = {"who": request.who, "booking": id, "now": timezone.now()}
    percent = request.POST.get("percent", "")
    fee = int(percent) if percent.isascii() and percent.isdecimal() and len(percent) < 4 else None
    if move == "confirm":
        services.confirm(**given)
    elif move == "approve":
        services.approve(**given)
    elif move == "use":
        services.mark_used(**given)
    elif move == "cancel":
        services.cancel(**given, reason=form.cleaned_data["reason"], percent=fee)
    elif move == "decline":
        services.decline(**given, reason=form.cleaned_data["reason"])
    elif move == "change":
        services.change(**given, wishes=form.wishes(), percent=fee)
    elif move == "close":
        services.close(**given, minutes=form.minutes())
