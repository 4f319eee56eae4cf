"""How entries read to people: what was done, by whom, and what it changed from what to what."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from pilotline.desks.journal.models import Entry

# What is not named here is shown by its code.
ACTIONS: dict[str, Any] = {
    "rulebook.publish": _("Rulebook published"),
    "journal.retry": _("Stuck news put back in line"),
    "people.register": _("Person registered"),
    "people.change_profile": _("Personal data changed"),
    "people.close_account": _("Account closed"),
    "people.open_account": _("Account opened again"),
    "people.change_password": _("Password changed"),
    "people.change_email": _("E-mail address changed"),
    "people.confirm_email": _("E-mail address confirmed"),
    "people.add_totp": _("Authenticator app set up"),
    "people.remove_totp": _("Authenticator app removed"),
    "people.add_webauthn": _("Passkey added"),
    "people.remove_webauthn": _("Passkey removed"),
    "people.add_recovery_codes": _("Recovery codes made"),
    "people.remove_recovery_codes": _("Recovery codes removed"),
    "people.connect_account": _("Account of another service connected"),
    "people.disconnect_account": _("Account of another service disconnected"),
    "people.grant_role": _("Role given"),
    "people.revoke_role": _("Role taken back"),
    "people.register_organisation": _("Organisation registered"),
    "people.amend_organisation": _("Organisation’s record amended"),
    "people.confirm_organisation": _("Organisation confirmed"),
    "people.refuse_organisation": _("Organisation refused"),
    "people.revoke_organisation": _("Organisation’s confirmation taken back"),
    "people.invite": _("Invitation made"),
    "people.withdraw_invitation": _("Invitation withdrawn"),
    "people.join": _("Member joined"),
    "people.remove_member": _("Member left or was removed"),
    "people.set_owner": _("Ownership changed"),
    "people.make_token": _("API token made"),
    "people.revoke_token": _("API token revoked"),
    "registry.create": _("Facility entered"),
    "registry.update": _("Facility’s record changed"),
    "registry.publish": _("Facility published"),
    "registry.archive": _("Facility taken off the public list"),
    "registry.release": _("Facility left by its operator"),
    "registry.add-resource": _("Resource added"),
    "registry.update-resource": _("Resource changed"),
    "registry.retire-resource": _("Resource taken out of use"),
    "registry.set-capability": _("Capability recorded"),
    "registry.remove-capability": _("Capability removed"),
    "registry.add-certificate": _("Certificate recorded"),
    "registry.remove-certificate": _("Certificate removed"),
    "registry.attach-paper": _("File of a certificate attached"),
    "registry.show-paper": _("File of a certificate shown or hidden"),
    "registry.remove-paper": _("File of a certificate removed"),
    "registry.fill": _("Facility filled from a list"),
    "registry.import": _("List imported"),
    "registry.decide-tier": _("Tier decided"),
    "registry.claim": _("Operator claimed a facility"),
    "registry.answer-claim": _("Claim answered"),
    "demand.start": _("Draft begun"),
    "demand.save": _("Draft saved"),
    "demand.drop_aside": _("Version kept aside dropped"),
    "demand.submit": _("Handed in and accepted"),
    "demand.amend": _("Amended"),
    "demand.withdraw": _("Withdrawn"),
    "demand.attach": _("File attached"),
    "demand.detach": _("Attached file removed"),
    "demand.read": _("Text read for requirements"),
    "demand.require": _("Requirement added"),
    "demand.confirm": _("Requirement confirmed"),
    "demand.correct": _("Requirement corrected"),
    "demand.dismiss": _("Requirement dismissed"),
    "demand.open": _("A facility was let in to see the case"),
    "demand.shut": _("A facility may no longer see the case"),
    "demand.match": _("Matched"),
    "demand.reopen": _("Looking for a partner again"),
    "demand.close": _("Closed"),
    "matching.propose": _("Shortlist made"),
    "matching.ask": _("Facility asked"),
    "matching.offer": _("Facility offered itself"),
    "matching.question": _("Question asked"),
    "matching.answer": _("Question answered"),
    "matching.accept": _("Accepted by the facility"),
    "matching.consent": _("Consent given"),
    "matching.decline": _("Declined"),
    "matching.withdraw": _("Talk withdrawn"),
    "matching.end": _("Match came to nothing"),
    "booking.hold": _("Time held"),
    "booking.confirm": _("Booking confirmed"),
    "booking.ask": _("Approval asked for"),
    "booking.approve": _("Booking approved"),
    "booking.decline": _("Booking not approved"),
    "booking.change": _("Booking moved"),
    "booking.cancel": _("Booking cancelled"),
    "booking.expire": _("Hold ran out"),
    "booking.use": _("Use begun"),
    "booking.measure": _("Use measured"),
    "booking.close": _("Use measured and closed"),
    "booking.offer": _("Freed time offered"),
    "booking.wait": _("Stood in line"),
    "booking.leave-line": _("Left the line"),
    "booking.set": _("Booking settings changed"),
    "booking.close-resource": _("Resources taken out of use for a while"),
    "booking.lift-closure": _("Put back into use"),
    "booking.give-licence": _("Licence given"),
    "booking.end-licence": _("Licence ended"),
    "booking.make-feed": _("Calendar link made"),
    "booking.end-feed": _("Calendar link ended"),
}

SUBJECTS: dict[str, Any] = {
    "user": _("person"),
    "organisation": _("organisation"),
    "token": _("API token"),
    "release": _("rulebook release"),
    "delivery": _("news"),
    "facility": _("facility"),
    "import": _("import"),
    "case": _("case"),
    "match": _("talk"),
    "shortlist": _("shortlist"),
}

FIELDS: Mapping[str, Any] = {
    "name": _("name"),
    "username": _("log-in name"),
    "email": _("e-mail"),
    "phone": _("telephone"),
    "language": _("language"),
    "address": _("address"),
    "contact": _("contact person"),
    "credit_code": _("credit code"),
    "kind": _("kind"),
    "region": _("region"),
    "operates": _("runs facilities"),
    "status": _("state"),
    "state": _("state"),
    "reason": _("reason"),
    "role": _("role"),
    "scopes": _("scopes"),
    "expires": _("ends"),
    "is_owner": _("owner"),
    "user": _("person’s number"),
    "invitation": _("invitation"),
    "digest": _("digest"),
    "side": _("side"),
    "title": _("title"),
    "answers": _("answers"),
    "number": _("number"),
    "code": _("number"),
    "chain": _("chain"),
    "fields": _("fields"),
    "name_en": _("English name"),
    "summary": _("summary"),
    "summary_en": _("English summary"),
    "latitude": _("latitude"),
    "longitude": _("longitude"),
    "opened_year": _("opened in"),
    "construction_model": _("construction model"),
    "resources": _("resources"),
    "resource": _("resource"),
    "capabilities": _("capabilities"),
    "certificates": _("certificates"),
    "tier": _("tier of the facility"),
    "tier_step": _("step"),
    "step": _("step"),
    "since": _("from the day"),
    "until": _("until the day"),
    "decided_by": _("decided by"),
    "note": _("note"),
    "version": _("version"),
    "valid_from": _("valid from"),
    "valid_to": _("valid until"),
    "price": _("price"),
    "price_unit": _("priced by"),
    "offered": _("offered"),
    "written": _("as written"),
    "receipt": _("receipt"),
    "full": _("meet every limit"),
    "engine": _("engine"),
    "problem": _("digest of the question"),
    "shortlist": _("shortlist"),
    "confidential": _("confidential part"),
    "organisation": _("organisation"),
    "facility": _("facility"),
    "match": _("talk"),
    "starts": _("begins"),
    "minutes": _("minutes"),
    "total": _("sum"),
    "amount": _("amount"),
    "gross": _("gross amount"),
    "net": _("net amount"),
    "order": _("order"),
    "bill": _("bill"),
    "voucher": _("voucher"),
    "shares": _("shares"),
    "reference": _("reference"),
    "panel": _("panel"),
    "expert": _("expert"),
    "experts": _("experts"),
    "item": _("item"),
    "rule": _("rule"),
    "rubric": _("rubric"),
    "question": _("question"),
    "advice": _("advice"),
    "seat": _("seat"),
    "result": _("result"),
    "on": _("on"),
    "client": _("client"),
    "record": _("record"),
    "approval": _("approval"),
    "openings": _("opening hours"),
    "shortest": _("shortest use"),
    "longest": _("longest use"),
    "slot": _("slot"),
    "lead": _("lead time"),
    "about": _("explanation"),
}

LONGEST = 200
DEEPEST = 3


@dataclass(frozen=True, slots=True)
class Changed:
    """One value: what it was and what it is; an empty text where there is none."""

    title: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Line:
    """One entry as a page shows it. `mark` is its number in the chain."""

    at: datetime
    text: Any
    by: str
    changes: tuple[Changed, ...]
    mark: int | None


def name_actions(words: Mapping[str, Any], *, subjects: Mapping[str, Any] | None = None) -> None:
    """Words for the actions of a desk above and for what they are done to, given at the start."""
    ACTIONS.update(words)
    SUBJECTS.update(subjects or {})


def title(action: str) -> Any:
    """What was done, in the reader's language; the code of an action that nobody named."""
    return ACTIONS.get(action, action)


def by(entry: Entry) -> str:
    """Who did it; the machine itself in the reader's language."""
    return say("the system") if entry.actor is None else entry.actor_name


def lines(entries: Iterable[Entry], *, detailed: bool = True) -> list[Line]:
    """Entries for the shared history fragment. `detailed=False` leaves out what changed."""
    return [
        Line(
            at=entry.at,
            text=title(entry.action),
            by=by(entry),
            changes=tuple(changes(entry)) if detailed else (),
            mark=entry.link.seq if hasattr(entry, "link") else None,
        )
        for entry in entries
    ]


def changes(entry: Entry) -> Iterator[Changed]:
    """Every value that differs between before and after, in the order of after."""
    before, after = _flat(entry.before or {}), _flat(entry.after or {})
    for key in dict.fromkeys([*after, *before]):
        was, now = before.get(key, ""), after.get(key, "")
        if was != now:
            yield Changed(_name(key), was, now)


def _flat(values: Mapping[str, Any], path: str = "") -> dict[str, str]:
    """Nested values with their way as the key: `answers.budget`."""
    found: dict[str, str] = {}
    for key, value in values.items():
        way = f"{path}.{key}" if path else str(key)
        if isinstance(value, Mapping) and way.count(".") < DEEPEST:
            found |= _flat(value, way)
        else:
            found[way] = _words(value)
    return found


def _words(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return say("yes") if value else say("no")
    if isinstance(value, list):
        return say(", ").join(_words(one) for one in value)[:LONGEST]
    if isinstance(value, Mapping):
        pairs = (say("%s: %s") % (_name(str(k)), _words(v)) for k, v in value.items())
        return say("; ").join(pairs)[:LONGEST]
    text = str(value)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def _name(way: str) -> str:
    return " › ".join(str(FIELDS.get(part, part)) for part in way.split("."))
