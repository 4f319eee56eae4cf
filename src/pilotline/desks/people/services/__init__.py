"""What people does. Each change writes a journal entry in its own transaction."""

from pilotline.desks.people.services.accounts import (
    change_profile,
    close_account,
    note_security,
    open_account,
    register_user,
)
from pilotline.desks.people.services.grants import grant_role, revoke_role
from pilotline.desks.people.services.lanes import Tries, enter_lanes, leave_lanes, sweep
from pilotline.desks.people.services.members import (
    accept_invitation,
    invite_member,
    remove_member,
    set_owner,
    withdraw_invitation,
)
from pilotline.desks.people.services.organisations import (
    amend_organisation,
    confirm_organisation,
    refuse_organisation,
    register_organisation,
    revoke_organisation,
)
from pilotline.desks.people.services.tokens import admit_token, make_token, revoke_token

__all__ = [
    "Tries",
    "accept_invitation",
    "admit_token",
    "amend_organisation",
    "change_profile",
    "close_account",
    "confirm_organisation",
    "enter_lanes",
    "grant_role",
    "invite_member",
    "leave_lanes",
    "make_token",
    "note_security",
    "open_account",
    "refuse_organisation",
    "register_organisation",
    "register_user",
    "remove_member",
    "revoke_organisation",
    "revoke_role",
    "revoke_token",
    "set_owner",
    "sweep",
    "withdraw_invitation",
]
