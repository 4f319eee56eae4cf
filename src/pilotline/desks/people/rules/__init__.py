"""Who may what with people and organisations, what is wrong with an input, how lanes slow down."""

from pilotline.desks.people.rules.inputs import (
    fits_log_in_name,
    problems_of_organisation,
    problems_of_password,
    problems_of_text,
    problems_of_token,
    problems_of_user,
)
from pilotline.desks.people.rules.lanes import (
    ADDRESS,
    BROWSER,
    CODE,
    MAIL,
    USER,
    Pace,
    charged,
    wait,
)
from pilotline.desks.people.rules.permissions import (
    SCOPES,
    may_decide_organisation,
    may_grant,
    may_have_tokens,
    may_manage_members,
    may_register_organisation,
    may_see_organisation,
    may_see_users,
    narrowed,
    token_opens,
)

__all__ = [
    "ADDRESS",
    "BROWSER",
    "CODE",
    "MAIL",
    "SCOPES",
    "USER",
    "Pace",
    "charged",
    "fits_log_in_name",
    "may_decide_organisation",
    "may_grant",
    "may_have_tokens",
    "may_manage_members",
    "may_register_organisation",
    "may_see_organisation",
    "may_see_users",
    "narrowed",
    "problems_of_organisation",
    "problems_of_password",
    "problems_of_text",
    "problems_of_token",
    "problems_of_user",
    "token_opens",
    "wait",
]
