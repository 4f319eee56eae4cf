"""Keys for programs: made by their user, told once, ended at will."""

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from pilotline.desks.journal.services import record
from pilotline.desks.people import queries, rules
from pilotline.desks.people.models import ApiToken, User
from pilotline.kernel.actor import Actor
from pilotline.kernel.errors import NotAllowed, NotFound, Problem, refuse

MARK = "plt_"
MOST_LIVE = 20
NOTED_EVERY = timedelta(hours=1)


@transaction.atomic
def make_token(
    *, who: Actor, name: str, scopes: Iterable[str], expires: datetime, now: datetime
) -> tuple[ApiToken, str]:
    """Make a token and tell its text, this once. `scopes` are among `rules.scopes_of(who)`."""
    if not rules.may_have_tokens(who):
        raise NotAllowed(_("A token is made by a person who is logged in."))
    User.objects.select_for_update(no_key=True).get(pk=who.id)
    wanted = frozenset(scopes)
    found = rules.problems_of_token(who=who, name=name.strip(), scopes=wanted, lasts=expires - now)
    if queries.tokens(who).filter(expires_at__gt=now).count() >= MOST_LIVE:
        told = _("You have as many tokens as one may have. End one first.")
        found.append(Problem("too-many", told))
    refuse(found)
    plain = MARK + secrets.token_urlsafe(32)
    token = ApiToken.objects.create(
        user_id=who.id,
        name=name.strip(),
        prefix=plain[:12],
        digest=queries.digest(plain),
        scopes=sorted(wanted),
        created_at=now,
        expires_at=expires,
    )
    after = {"name": token.name, "scopes": token.scopes, "expires": expires}
    record(who=who, action="people.make_token", subject=("token", token.pk), after=after, now=now)
    return token, plain


@transaction.atomic
def revoke_token(*, who: Actor, token: int, now: datetime) -> None:
    """End one of one's own tokens."""
    if not rules.may_have_tokens(who):
        raise NotAllowed
    found = ApiToken.objects.select_for_update(no_key=True).filter(pk=token, user=who.id).first()
    if found is None:
        raise NotFound
    if found.revoked_at is None:
        found.revoked_at = now
        found.save(update_fields=["revoked_at"])
        record(who=who, action="people.revoke_token", subject=("token", token), now=now)


def admit_token(*, plain: str, now: datetime) -> Actor | None:
    """The actor behind a token, or None. Notes, at most once an hour, that it was used."""
    token = queries.live_token(plain, now)
    if token is None:
        return None
    if token.last_used_at is None or now - token.last_used_at > NOTED_EVERY:
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)
    return rules.narrowed(queries.actor_for(token.user), frozenset(token.scopes))
