"""The ledger, as accountants read it."""

from decimal import Decimal

from django.db.models import QuerySet, Sum

from pilotline.desks.people import queries as people
from pilotline.desks.settlement.models import LedgerLine
from pilotline.kernel.actor import Actor
from pilotline.kernel.errors import NotAllowed


def book_lines(*, who: Actor) -> QuerySet[LedgerLine]:
    """Every line of the books of the actor's organisations, in the order of booking."""
    rows = LedgerLine.objects.select_related(
        "entry__book", "entry__bill", "organisation", "party"
    ).order_by("entry__book", "entry__number", "id")
    if who.is_system:
        return rows
    if not who.has("operator"):
        raise NotAllowed
    return rows.filter(entry__book__in=who.organisations)


def balances(*, who: Actor) -> dict[str, Decimal]:
    """The balance of each account over the actor's books. All of them together are zero."""
    rows = book_lines(who=who).order_by().values_list("account").annotate(sum=Sum("amount"))
    return dict(rows)


def books(*, who: Actor) -> dict[int, str]:
    """The names of the organisations whose books the actor keeps."""
    return people.names(who.organisations)
