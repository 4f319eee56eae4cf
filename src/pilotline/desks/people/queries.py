"""What people answers: who somebody is, and organisations fetched by those who may see them."""

from collections.abc import Iterable
from datetime import datetime
from hashlib import sha256

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from pilotline.desks.journal.queries import current_rulebook
from pilotline.desks.people import rules
from pilotline.desks.people.models import (
    ApiToken,
    Grant,
    Invitation,
    Membership,
    Organisation,
    User,
)
from pilotline.kernel.actor import NOBODY, Actor, covers
from pilotline.kernel.errors import NotAllowed, NotFound

LIVE = ("pending", "confirmed")


def actor_for(user: User | None) -> Actor:
    """The actor of a logged-in user (two queries), or NOBODY.

    Whoever belongs to an organisation that is not refused is an applicant; whoever belongs to a
    confirmed one that operates facilities is an operator.
    """
    if user is None or not user.is_authenticated or not user.is_active:
        return NOBODY
    grants = list(user.grants.values_list("role", "region"))
    memberships = list(
        user.memberships.filter(organisation__status__in=LIVE).values_list(
            "organisation_id", "is_owner", "organisation__status", "organisation__operates"
        )
    )
    roles = {role for role, _region in grants}
    if memberships:
        roles.add("applicant")
    if any(status == "confirmed" and operates for _pk, _own, status, operates in memberships):
        roles.add("operator")
    return Actor(
        id=user.pk,
        name=str(user),
        roles=frozenset(roles),
        organisations=frozenset(pk for pk, *_rest in memberships),
        owned=frozenset(pk for pk, owner, *_rest in memberships if owner),
        regions=frozenset(region for role, region in grants if role == "authority"),
    )


def digest(secret: str) -> str:
    """How tokens and invitation codes are kept: long random texts need no slow hash."""
    return sha256(secret.encode()).hexdigest()


def live_token(plain: str, now: datetime) -> ApiToken | None:
    """The token of this text, unless it has ended, was revoked, or its user was closed."""
    return (
        ApiToken.objects.select_related("user")
        .filter(digest=digest(plain), revoked_at=None, expires_at__gt=now, user__is_active=True)
        .first()
    )


def actor_for_token(plain: str, now: datetime) -> Actor | None:
    """The actor a token stands for, narrowed to its scopes; None for a token that is not valid."""
    token = live_token(plain, now)
    if token is None:
        return None
    return rules.narrowed(actor_for(token.user), frozenset(token.scopes))


def user(pk: int) -> User:
    """A user by number, for machines. Raises NotFound."""
    found = User.objects.filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


def user_by_login(login: str) -> User | None:
    """The user whose log-in name or e-mail this is, whatever the case of its letters."""
    login = login.strip()
    return User.objects.filter(Q(username__iexact=login) | Q(email__iexact=login)).first()


def free_username(wish: str) -> str:
    """A log-in name like the wish that nobody has yet; somebody may still be faster."""
    base = "".join(c for c in wish.partition("@")[0] if rules.fits_log_in_name(c))[:50] or "user"
    base = base if len(base) >= 3 else f"{base}-user"
    alike = User.objects.filter(username__istartswith=base)
    taken = {name.lower() for name in alike.values_list("username", flat=True)}
    names = (f"{base}{number or ''}" for number in range(len(taken) + 1))
    return next(name for name in names if name.lower() not in taken)


def users(*, who: Actor, text: str = "") -> QuerySet[User]:
    """All users with their grants, by name. Only for the operator of the system."""
    if not rules.may_see_users(who):
        raise NotAllowed
    found = User.objects.prefetch_related("grants", "memberships__organisation")
    if text:
        found = found.filter(
            Q(username__icontains=text) | Q(name__icontains=text) | Q(email__icontains=text)
        )
    return found.order_by("username")


def membership(who: Actor, organisation: int) -> Membership | None:
    """How this person belongs to the organisation, if at all.

    A token whose scopes do not open the applicant's door belongs nowhere.
    """
    if who.id is None or not rules.token_opens(who, "applicant", writes=False):
        return None
    return Membership.objects.filter(user=who.id, organisation=organisation).first()


def organisation(*, who: Actor, id: int) -> Organisation:
    """One organisation's record for its members, its authority and the operator of the system.

    Raises NotFound for all others, as for one that does not exist.
    """
    found = Organisation.objects.filter(pk=id).first()
    if found is None or not rules.may_see_organisation(who, found, membership(who, id)):
        raise NotFound
    return found


def organisations(
    *, who: Actor, text: str = "", status: str = "", region: str = ""
) -> QuerySet[Organisation]:
    """The organisations this actor may see, newest first: own ones, or those of its region."""
    found = Organisation.objects.order_by("-id")
    if not (who.is_system or who.has("sysop")):
        mine = Q(memberships__user=who.id) if who.id is not None else Q(pk=None)
        if rules.token_opens(who, "authority", writes=False) and who.has("authority"):
            mine |= _within(who.regions)
        found = found.filter(mine).distinct()
    if status:
        found = found.filter(status=status)
    if region:
        found = found.filter(region=region)
    if text:
        found = found.filter(Q(name__icontains=text) | Q(credit_code__iexact=text))
    return found


def _within(regions: Iterable[str]) -> Q:
    """Organisations whose region is one of these codes or lies in one of them; those from
    elsewhere are the whole region's."""
    book = current_rulebook()
    known = set(Organisation.objects.values_list("region", flat=True).distinct())
    inside = {inner for inner in known for outer in regions if covers(outer, book.answering(inner))}
    return Q(region__in=inside)


def own_organisations(who: Actor) -> QuerySet[Membership]:
    """A person's memberships with their organisations, refused ones too, by name."""
    return (
        Membership.objects.filter(user=who.id)
        .select_related("organisation")
        .annotate(members=Count("organisation__memberships"))
        .order_by("organisation__name")
    )


def organisation_counts(who: Actor) -> dict[str, int]:
    """How many organisations this actor may see in each state."""
    rows = (
        organisations(who=who)
        .order_by()
        .values_list("status")
        .annotate(n=Count("id", distinct=True))
    )
    return dict.fromkeys(Organisation.Status.values, 0) | dict(rows)


def by_credit_code(code: str) -> int | None:
    """The confirmed organisation with this unified social credit code."""
    wanted = "".join(code.split()).upper()
    found = Organisation.objects.filter(credit_code=wanted, status="confirmed")
    return found.values_list("pk", flat=True).first()


def is_confirmed(organisation: int) -> bool:
    return Organisation.objects.filter(pk=organisation, status="confirmed").exists()


def members(*, who: Actor, organisation: int) -> QuerySet[Membership]:
    """Who belongs to the organisation, owners first. The checks are those of `organisation`."""
    _checked(who, organisation)
    return (
        Membership.objects.filter(organisation=organisation)
        .select_related("user")
        .order_by("-is_owner", "since", "id")
    )


def invitations(*, who: Actor, organisation: int, now: datetime) -> QuerySet[Invitation]:
    """Codes that are still open, for the owners."""
    if not rules.may_manage_members(who, membership(who, organisation)):
        raise NotFound
    return Invitation.objects.filter(
        organisation=organisation, used_at=None, withdrawn_at=None, expires_at__gt=now
    )


def invitation(*, code: str, now: datetime) -> Invitation:
    """The open invitation that this code stands for. Raises NotFound."""
    found = (
        Invitation.objects.select_related("organisation")
        .filter(digest=digest(code), used_at=None, withdrawn_at=None, expires_at__gt=now)
        .first()
    )
    if found is None:
        raise NotFound(_("This invitation was used, withdrawn or has ended. Ask for a new one."))
    return found


def tokens(who: Actor) -> QuerySet[ApiToken]:
    """A person's own tokens that were not revoked, newest first."""
    return ApiToken.objects.filter(user=who.id, revoked_at=None).order_by("-id")


def users_of(organisation: int) -> list[int]:
    """User numbers of the members, for machines that tell them something."""
    return _active(Membership.objects.filter(organisation=organisation))


def owners_of(organisation: int) -> list[int]:
    """User numbers of those who manage the organisation's members."""
    return _active(Membership.objects.filter(organisation=organisation, is_owner=True))


def operators_of(organisation: int) -> list[int]:
    """User numbers of those who act for the organisation's facilities: none before it is
    confirmed."""
    return _active(
        Membership.objects.filter(
            organisation=organisation,
            organisation__status="confirmed",
            organisation__operates=True,
        )
    )


def authorities_of(region: str) -> list[int]:
    """User numbers of those who answer for the region: its own authority, else those above."""
    region = current_rulebook().answering(region)
    grants = Grant.objects.filter(role="authority", user__is_active=True)
    answering: dict[str, set[int]] = {}
    for pk, outer in grants.values_list("user_id", "region"):
        if covers(outer, region):
            answering.setdefault(outer, set()).add(pk)
    return sorted(answering.get(region) or set().union(*answering.values()))


def sysops() -> list[int]:
    """User numbers of those who keep the system running."""
    return sorted(
        Grant.objects.filter(role="sysop", user__is_active=True).values_list("user_id", flat=True)
    )


def members_of(organisations: Iterable[int]) -> dict[int, frozenset[int]]:
    """User numbers of the members of several organisations, for machines that look for ties."""
    found: dict[int, set[int]] = {}
    rows = Membership.objects.filter(organisation__in=set(organisations))
    for organisation, user in rows.values_list("organisation_id", "user_id"):
        found.setdefault(organisation, set()).add(user)
    return {organisation: frozenset(users) for organisation, users in found.items()}


def organisation_called(text: str) -> int | None:
    """The organisation of this very name or credit code, for records that mean one; else None."""
    wanted = text.strip()
    if not wanted:
        return None
    found = Organisation.objects.filter(Q(name__iexact=wanted) | Q(credit_code__iexact=wanted))
    return found.exclude(status="refused").values_list("pk", flat=True).first()


def names(ids: Iterable[int]) -> dict[int, str]:
    """Names of organisations, for showing. What is not there is left out."""
    return dict(Organisation.objects.filter(pk__in=set(ids)).values_list("pk", "name"))


def user_names(ids: Iterable[int]) -> dict[int, str]:
    """Names of users, for showing."""
    return {found.pk: str(found) for found in User.objects.filter(pk__in=set(ids))}


def is_demonstration() -> bool:
    """True when this installation holds demonstration data."""
    return User.objects.filter(is_demo=True).exists()


def demo_logins() -> list[User]:
    """The demonstration's users that have a password, with what they are, for the log-in page."""
    return list(
        User.objects.filter(is_demo=True, is_active=True)
        .exclude(password__startswith=UNUSABLE_PASSWORD_PREFIX)
        .prefetch_related("grants", "memberships__organisation")
        .order_by(Lower("username"))
    )


def _checked(who: Actor, id: int) -> Organisation:
    return organisation(who=who, id=id)


def _active(found: QuerySet[Membership]) -> list[int]:
    return sorted(found.filter(user__is_active=True).values_list("user_id", flat=True))
