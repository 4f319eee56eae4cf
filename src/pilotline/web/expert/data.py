"""What an expert says of themselves: into the pool, profile, ties, and out again."""

from dataclasses import replace
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from pilotline.desks.review import queries, services
from pilotline.kernel.errors import NotFound, Refused
from pilotline.web.shared import book
from pilotline.web.shared.forms import (
    ChipsField,
    DayField,
    LongField,
    NumberField,
    OneOfField,
    PageForm,
    apply_problems,
    render_form,
)
from pilotline.web.shared.reviews import BOND_WORDS, EXPERT_TONES, EXPERT_WORDS
from pilotline.web.shared.values import language

LANGUAGES = (("zh", gettext_lazy("Chinese")), ("en", gettext_lazy("English")))


class ProfileForm(PageForm):
    """What decides for which items somebody is asked."""

    name = forms.CharField(label=gettext_lazy("Full name"), max_length=60)
    title = forms.CharField(label=gettext_lazy("Professional title"), max_length=60, required=False)
    region = forms.ChoiceField(label=gettext_lazy("City"), required=False)
    fields_ = ChipsField(label=gettext_lazy("Fields"))
    keywords = LongField(
        label=gettext_lazy("Keywords"),
        help_text=gettext_lazy("At least three, one a line or set apart by commas."),
        most=2400,
        rows=4,
    )
    languages = ChipsField(label=gettext_lazy("Languages"), choices=LANGUAGES, required=False)
    about = LongField(label=gettext_lazy("What you have worked on"), most=2000, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rulebook = book.rulebook()
        if rulebook:
            cities = rulebook.cities.choices(language())
            self.fields["region"].choices = [("", "—"), *cities]
            self.fields["fields_"].choices = rulebook.fields.choices(language())

    def profile(self) -> dict[str, Any]:
        """The columns that the service takes."""
        given = dict(self.cleaned_data)
        given["fields"] = given.pop("fields_")
        given["keywords"] = words(given["keywords"])
        return given


class ApplyForm(ProfileForm):
    """A profile with the present employer, by which conflicts of interest are found."""

    employer = forms.CharField(
        label=gettext_lazy("Present employer"),
        help_text=gettext_lazy("By its full registered name: conflicts are found by it."),
        max_length=120,
    )
    employer_since = DayField(label=gettext_lazy("There since"))


class BondForm(PageForm):
    """An employer, a paper or patent, a holding, or another interest."""

    kind = OneOfField(label=gettext_lazy("What you state"), choices=BOND_WORDS.items())
    name = forms.CharField(
        label=gettext_lazy("Organisation (full name)"), max_length=120, required=False
    )
    title = forms.CharField(
        label=gettext_lazy("Title of the work, or what the interest is"),
        max_length=200,
        required=False,
    )
    names = LongField(
        label=gettext_lazy("Co-authors or co-inventors"),
        help_text=gettext_lazy("One a line or set apart by commas."),
        most=2000,
        rows=2,
        required=False,
    )
    share = NumberField(
        label=gettext_lazy("Share held"),
        unit="%",
        max_digits=5,
        decimal_places=2,
        required=False,
    )
    since = DayField(label=gettext_lazy("Since, or day of publication"), required=False)
    until = DayField(label=gettext_lazy("Ended on"), required=False)


def words(text: str) -> list[str]:
    """Words set apart by lines, commas or semicolons of either kind, each once."""
    for sign in "，、；;,\r":
        text = text.replace(sign, "\n")
    return list(dict.fromkeys(word.strip()[:60] for word in text.split("\n") if word.strip()))


def apply(request: HttpRequest) -> HttpResponse:
    """Ask to be in the pool, or join it by an invitation."""
    code = request.GET.get("code", "")
    own = queries.own_expert(who=request.who)
    if own is not None and own.state in ("applied", "active"):
        return redirect("expert:data")
    if request.method == "POST":
        form = ApplyForm(request.POST)
        if form.is_valid():
            profile = form.profile()
            employer = {"name": profile.pop("employer"), "since": profile.pop("employer_since")}
            try:
                made = services.apply_as_expert(
                    who=request.who,
                    profile=profile,
                    employer=employer,
                    code=code,
                    now=timezone.now(),
                )
            except Refused as refused:
                apply_problems(form, _placed(refused))
            except NotFound:
                text = _("This invitation was used or has ended. Apply without it, or ask again.")
                form.add_error(None, text)
            else:
                told = (
                    _("Welcome to the pool of experts.")
                    if made.state == "active"
                    else _("Your application is handed in. You are told what was decided.")
                )
                messages.success(request, told)
                return redirect("expert:data")
    else:
        form = ApplyForm(initial={"name": request.who.name})
    return render_form(request, "expert/apply.html", {"code": code, "own": own}, form)


def data(request: HttpRequest) -> HttpResponse:
    """My profile and my ties."""
    own = queries.own_expert(who=request.who)
    if own is None or own.state not in ("applied", "active"):
        return redirect("expert:apply")
    form = ProfileForm(request.POST or None, initial=_initial(own))
    if request.method == "POST" and form.is_valid():
        try:
            services.amend_profile(who=request.who, profile=form.profile(), now=timezone.now())
        except Refused as refused:
            apply_problems(form, _placed(refused))
        else:
            messages.success(request, _("Saved."))
            return redirect("expert:data")
    return _page(request, own, form, BondForm(auto_id="bond_%s"))


@require_POST
def bond_add(request: HttpRequest) -> HttpResponse:
    """State one more tie."""
    own = queries.own_expert(who=request.who)
    if own is None:
        return redirect("expert:apply")
    form = BondForm(request.POST, auto_id="bond_%s")
    if form.is_valid():
        bond = dict(form.cleaned_data)
        bond["names"] = words(bond["names"])
        try:
            services.add_bond(who=request.who, bond=bond, now=timezone.now())
        except Refused as refused:
            apply_problems(form, refused)
        else:
            messages.success(request, _("Stated."))
            return redirect("expert:data")
    return _page(request, own, ProfileForm(initial=_initial(own)), form)


@require_POST
def bond_end(request: HttpRequest, bond: int) -> HttpResponse:
    """A tie has come to its end."""
    try:
        day = DayField(required=False).clean(request.POST.get("until", ""))
        services.end_bond(who=request.who, bond=bond, until=day, now=timezone.now())
    except (Refused, forms.ValidationError) as error:
        found = error.problems if isinstance(error, Refused) else ()
        for text in [str(p.text) for p in found] or [_("This is no day.")]:
            messages.error(request, text)
    else:
        messages.success(request, _("Saved."))
    return redirect("expert:data")


@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Leave the pool: what is open is given to others, what was handed in stays."""
    own = queries.own_expert(who=request.who)
    if own is None:
        raise NotFound
    services.leave_pool(who=request.who, expert=own.pk, now=timezone.now())
    messages.success(request, _("You have left the pool. What was open is given to others."))
    return redirect("expert:apply")


def _placed(refused: Refused) -> list[Any]:
    """Problems with the name of this form's field: `fields` is taken in a form."""
    return [replace(p, field="fields_") if p.field == "fields" else p for p in refused.problems]


def _initial(own: Any) -> dict[str, Any]:
    return {
        "name": own.name,
        "title": own.title,
        "region": own.region,
        "fields_": own.fields,
        "keywords": "\n".join(own.keywords),
        "languages": own.languages,
        "about": own.about,
    }


def _page(request: HttpRequest, own: Any, form: ProfileForm, bond_form: BondForm) -> HttpResponse:
    shown = {
        "own": own,
        "state": (EXPERT_WORDS[own.state], EXPERT_TONES[own.state]),
        "form": form,
        "bond_form": bond_form,
        "bonds": [(bond, BOND_WORDS[bond.kind]) for bond in queries.bonds(expert=own)],
    }
    wrong = any(f.is_bound and f.errors for f in (form, bond_form))
    return render(request, "expert/data.html", shown, status=422 if wrong else 200)
