"""The words that pages have for states, for the journal to show them with."""

from pilotline.desks.approvals.rules.projects import STATE_TITLES
from pilotline.desks.demand.rules import KIND_TITLES, STATUS_TITLES
from pilotline.desks.journal.forms import Coded
from pilotline.web.shared import bills, bookings, disputes, orders, planned, talks
from pilotline.web.shared.calls import APPLICATION_WORDS, CALL_WORDS
from pilotline.web.shared.facility_view import STATUS_WORDS
from pilotline.web.shared.reviews import ASSIGNMENT_WORDS, PANEL_WORDS
from pilotline.web.shared.states import ORGANISATION_WORDS


def codes() -> Coded:
    """By desk and field. Where two things of a desk share a code, the commoner one names it."""
    return {
        ("people", "status"): ORGANISATION_WORDS,
        ("registry", "status"): STATUS_WORDS,
        ("demand", "status"): STATUS_TITLES,
        ("demand", "kind"): KIND_TITLES,
        ("matching", "state"): talks.STATES,
        ("matching", "side"): orders.SIDES,
        ("booking", "state"): {**planned.STATES, **bookings.WAITING_STATES, **bookings.STATES},
        ("settlement", "state"): {
            **disputes.STATES,
            **bills.USE_STATES,
            **orders.STATES,
            **bills.STATES,
        },
        ("settlement", "side"): orders.SIDES,
        ("review", "state"): {**PANEL_WORDS, **ASSIGNMENT_WORDS},
        ("calls", "state"): {**CALL_WORDS, **APPLICATION_WORDS},
        ("approvals", "state"): STATE_TITLES,
    }
