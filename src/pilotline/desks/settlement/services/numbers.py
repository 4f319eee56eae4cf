"""Numbers of orders, bills and what belongs to them."""

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pilotline.desks.journal.queries import current_rulebook
from pilotline.desks.journal.services import draw_number
from pilotline.kernel.errors import Problem, refuse


def next_number(kind: str, now: datetime) -> str:
    """The next number of `order`, `bill`, `credit`, `dispute` or `voucher` in this year."""
    letters = current_rulebook().number_prefixes.get(kind)
    if letters is None:
        refuse(
            [Problem("no-letters", _("The rulebook in force gives no letters for this number."))]
        )
    return draw_number(series=str(letters), year=timezone.localdate(now).year)
