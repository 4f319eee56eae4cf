"""What the journal says of prices and plans."""

from django.utils.translation import gettext_lazy as _

ACTIONS = {
    "booking.ask-plan": _("Plan asked for"),
    "booking.plan": _("Plan worked out"),
    "booking.accept-plan": _("Plan accepted"),
    "booking.answer-plan": _("Own part of a joint plan answered"),
    "booking.lose-times": _("Times of a joint plan lost"),
    "booking.quotation-quote": _("Quotation made"),
    "booking.quotation-accept": _("Quotation accepted"),
    "booking.quotation-decline": _("Quotation declined"),
    "booking.quotation-withdraw": _("Quotation withdrawn"),
    "booking.import-tariffs": _("Tariffs taken over from a table"),
    "booking.set-tariff": _("Tariff set"),
    "booking.set-cost-basis": _("Cost behind a price entered"),
}
SUBJECTS = {
    "booking": _("booking"),
    "bookable": _("bookable resource"),
    "closure": _("closure"),
    "feed": _("calendar link"),
    "licence": _("licence"),
    "plan": _("plan"),
    "quotation": _("quotation"),
    "tariff_file": _("table of tariffs"),
    "waiting": _("place in line"),
}
