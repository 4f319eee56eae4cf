"""The routes, one file a noun. In: checked values. Out: what one service or query answered."""

from pilotline.web.api.routes import (
    booked,
    bookings,
    cases,
    catalogue,
    catalogue_parts,
    disputes,
    facilities,
    imports,
    me,
    my_cases,
    organisations,
    papers,
    prices,
    released,
    requirements,
    rulebook,
    settlement,
    settling,
    shortlists,
    supervision,
    talks,
)

# In the order in which the documentation shows them.
ROUTERS = (
    rulebook.router,
    facilities.router,
    released.router,
    me.router,
    organisations.router,
    my_cases.router,
    requirements.router,
    cases.router,
    papers.router,
    shortlists.router,
    talks.router,
    bookings.router,
    catalogue.router,
    catalogue_parts.router,
    prices.router,
    imports.router,
    booked.router,
    settlement.router,
    settling.router,
    disputes.router,
    supervision.router,
)
# What the views call the body of a request.
BODY = "given"
