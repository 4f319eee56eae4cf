"""The form of a call: what the program asks for this time."""

from datetime import timedelta
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pilotline.desks.people import queries as people
from pilotline.kernel.actor import Actor
from pilotline.web.shared.fields import Section
from pilotline.web.shared.forms import DayField, LongField, MoneyField, PageForm

MOST_GOALS = 20


class CallForm(PageForm):
    """Title and window for all; goals and prize, place and seats where the program has them."""

    title = forms.CharField(label=_("Title"), max_length=200)
    title_en = forms.CharField(label=_("Title in English"), max_length=200, required=False)
    about = LongField(label=_("What applicants should know"), most=5000, required=False)
    opens = DayField(label=_("First day"))
    closes = DayField(label=_("Last day"))

    def __init__(self, program: Any, *args: Any, **kwargs: Any) -> None:
        today = timezone.localdate()
        first = {
            "title": program.title.zh,
            "title_en": program.title.en,
            "opens": today,
            "closes": today + timedelta(days=program.window_days),
        }
        super().__init__(*args, initial=first, **kwargs)
        own: list[str] = []
        if program.challenge:
            self.fields["issuer"] = forms.CharField(
                label=_("Issued by"), help_text=_("Its unified social credit code")
            )
            self.fields["prize"] = MoneyField(label=_("Prize"))
            own = ["issuer", "prize"]
        if program.capacity is not None:
            self.fields["place"] = forms.CharField(label=_("Place"), max_length=200)
            self.fields["begins_at"] = forms.DateTimeField(
                label=_("Begins"),
                widget=forms.DateTimeInput(
                    format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"}
                ),
            )
            self.fields["seats"] = forms.IntegerField(
                label=_("Seats"),
                min_value=1,
                max_value=100_000,
                initial=program.capacity,
                widget=forms.TextInput(attrs={"inputmode": "numeric"}),
            )
            own = ["place", "begins_at", "seats"]
        self.sections = (
            Section(_("The call"), ("title", "title_en", "about", "opens", "closes")),
            *((Section(_("Of this kind"), tuple(own)),) if own else ()),
        )

    def clean_issuer(self) -> int:
        """The organisation that the code names."""
        found = people.by_credit_code(self.cleaned_data["issuer"])
        if found is None:
            raise forms.ValidationError(_("No confirmed organisation has this code."))
        return found

    def values(self) -> dict[str, Any]:
        """What the desk takes."""
        return dict(self.cleaned_data)


def goals_sent(request: HttpRequest) -> list[dict[str, Any]]:
    """The goals of a challenge as sent, a line each; empty lines are passed over."""
    sent = [request.POST.getlist(name)[:MOST_GOALS] for name in ("goal", "at", "unit", "side")]
    return [
        {
            "title": title.strip()[:200],
            "at": at.strip()[:40],
            "unit": unit.strip()[:40],
            "least": side != "most",
        }
        for title, at, unit, side in zip(*sent, strict=False)
        if title.strip() or at.strip()
    ]


def region_of(who: Actor) -> str:
    """The widest region that this authority answers for."""
    return min(who.regions, key=lambda code: (len(code.rstrip("0")), code), default="")
