"""Who may do what with experts, and when a profile or a bond is whole."""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from pilotline.desks.review.models import Bond, Expert, Panel
from pilotline.kernel.actor import Actor
from pilotline.kernel.errors import Problem
from pilotline.rulebook import Rulebook

LEAST_KEYWORDS = 3
MOST_KEYWORDS = 40
MOST_NAMES = 60
LANGUAGES = ("zh", "en")


def may_keep_pool(who: Actor) -> bool:
    """The authorities share one pool of experts."""
    return who.is_system or who.has("authority")


def may_decide_expert(who: Actor, expert: Expert) -> bool:
    """The authority of the expert's region; any authority for one from outside."""
    return who.is_system or (
        who.has("authority") and (not expert.region or who.answers_for(expert.region))
    )


def may_run_panel(who: Actor, panel: Panel) -> bool:
    """The authority of the panel's region, or of one that contains it."""
    return who.is_system or who.answers_for(panel.region)


def is_oneself(who: Actor, expert: Expert) -> bool:
    """The expert in person."""
    return who.id is not None and expert.user_id == who.id


def problems_of_profile(profile: Mapping[str, Any], rulebook: Rulebook) -> Iterator[Problem]:
    """What is missing before somebody can be matched with what they know."""
    if not str(profile.get("name", "")).strip():
        yield Problem("name", _("Please give your name."), "name")
    fields = profile.get("fields") or []
    if not fields:
        yield Problem("fields", _("Choose at least one field."), "fields")
    elif any(field not in rulebook.fields for field in fields):
        yield Problem("fields", _("One of the fields is not known."), "fields")
    count = len(profile.get("keywords") or [])
    if count < LEAST_KEYWORDS:
        yield Problem(
            "keywords",
            _("Give at least {least} keywords: they decide what you are asked for.").format(
                least=LEAST_KEYWORDS
            ),
            "keywords",
        )
    elif count > MOST_KEYWORDS:
        yield Problem(
            "keywords", _("Give at most {most} keywords.").format(most=MOST_KEYWORDS), "keywords"
        )
    region = profile.get("region") or ""
    if region and region not in rulebook.cities and region != rulebook.region.id:
        yield Problem("region", _("Please choose one of the cities."), "region")


def problems_of_bond(bond: Mapping[str, Any], today: date) -> Iterator[Problem]:
    """What is missing in a statement about employers, works, shares or interests."""
    kind = bond.get("kind")
    if kind not in Bond.Kind.values:
        yield Problem("kind", _("Please choose what you want to state."), "kind")
        return
    since, until = bond.get("since"), bond.get("until")
    if kind == Bond.Kind.WORK:
        if not bond.get("title"):
            yield Problem("title", _("Give the title."), "title")
        if since is None:
            yield Problem("since", _("Give the day of publication or filing."), "since")
    elif not bond.get("name"):
        yield Problem("name", _("Give the organisation by its full name."), "name")
    if kind == Bond.Kind.EMPLOYMENT and since is None:
        yield Problem("since", _("Say since when."), "since")
    share = bond.get("share")
    if kind == Bond.Kind.HOLDING and not (share is not None and 0 < Decimal(share) <= 100):
        yield Problem("share", _("Give the share in per cent, above 0 and up to 100."), "share")
    if kind == Bond.Kind.DECLARED and not bond.get("title"):
        yield Problem("title", _("Say in a few words what the interest is."), "title")
    if since is not None and since > today:
        yield Problem("since", _("This day has not come yet."), "since")
    if since is not None and until is not None and until <= since:
        yield Problem("until", _("It must end after it begins."), "until")
