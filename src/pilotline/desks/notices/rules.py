"""What each kind of notice says. One sentence a kind, made in the reader's language when shown.

Facts are public to the reader by construction: handlers put in numbers, titles and names only,
never the confidential parts of a case. A fact of the rulebook is a pair of both languages.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from pilotline.kernel.money import show_yuan

YUAN = {"gross", "amount", "total"}  # facts that are amounts of money
SENTENCES = {
    "organisation.registered": _("{name} has registered and waits for your confirmation."),
    "organisation.confirmed": _("{name} has been confirmed."),
    "organisation.refused": _("{name} was not confirmed: {reason}"),
    "organisation.revoked": _("The confirmation of {name} was taken back: {reason}"),
    "facilities.left": _("{name} operates no facility any more: {count} left the catalogue."),
    "member.joined": _("{person} has joined {name}."),
    "member.left": _("{person} has left {name}."),
    "member.removed": _("You no longer belong to {name}: an owner took you out."),
    "role.authority.given": _("You now act as the authority of {region}."),
    "role.authority.taken": _("You no longer act as the authority of {region}."),
    "role.expert.given": _("You now act as an expert."),
    "role.expert.taken": _("You no longer act as an expert."),
    "role.sysop.given": _("You now keep this system running."),
    "role.sysop.taken": _("You no longer keep this system running."),
    "news.stuck": _("News could not be delivered {attempts} times: {news}."),
    "journal.faulty": _("The journal has been tampered with: {count} faults were found."),
    "tier.decided": _("{facility}: {tier} since {since}."),
    "tier.step": _("{facility}: {tier}, {step} since {since}."),
    "claim.asked": _("{name} claims {facility} as its own; please answer."),
    "claim.confirmed": _("{facility} is yours to keep: the claim was confirmed."),
    "claim.refused": _("{facility}: your claim was refused ({reason})."),
    "case.closed": _("{number} has come to its end and is closed."),
    "case.accepted": _("{number} was accepted: {title}"),
    "case.arrived": _("A new case was accepted in your region: {number} {title}"),
    "case.withdrawn": _("{number} was withdrawn."),
    "case.amended": _("{number} was amended; please look at what has changed."),
    "shortlist.ready": _("{count} lines could take {number}: see the shortlist with its reasons."),
    "shortlist.gap": _("Nobody can serve {number} today; it is on the region's gap list."),
    "match.asked": _("{number} asks for {facility}: {title}"),
    "match.offered": _("{facility} offers to take {number}."),
    "match.message": _("New message about {number} and {facility}."),
    "match.accepted": _("{facility} would take {number}: your consent makes it a match."),
    "match.agreed": _("{number} and {facility} are matched."),
    "match.declined": _("{facility} and {number}: declined ({reason})."),
    "match.ended": _("{number} and {facility}: the match came to nothing; see why."),
    "order.drafted": _("A draft of order {number} waits for you to read it."),
    "order.changed": _("Order {number} has a new text, version {version}: please read it."),
    "order.consented": _("The other side agreed to order {number}; it waits for your consent."),
    "order.agreed": _("Order {number} is agreed by both sides."),
    "order.amended": _("The amendment of order {number} is agreed by both sides."),
    "order.completed": _("Order {number} is completed."),
    "order.terminated": _("Order {number} has ended with the settlement of a dispute."),
    "order.withdrawn": _("The draft of order {number} was withdrawn."),
    "dispute.opened": _("Dispute {number} about order {order} was opened: {subject}"),
    "dispute.message": _("Something was written in dispute {number} about order {order}."),
    "dispute.ended": _("Dispute {number} about order {order} has ended."),
    "bill.drafted": _("The draft of a bill over {gross} yuan waits for you to issue it."),
    "bill.issued": _("Bill {number} over {gross} yuan is to be paid by {due}."),
    "bill.paid": _("Bill {number} is paid; settle it to close it and share its income."),
    "bill.cancelled": _("Bill {number} was cancelled by a credit note."),
    "bill.settled": _("Bill {number} is settled."),
    "voucher.spent": _("A voucher covers {amount} yuan of bill {number} and is to be reimbursed."),
    "revenue.shared": _("The income of bill {number} was shared."),
    "expert.applied": _("{name} wants to join the pool of experts and waits for your decision."),
    "expert.refused": _("You were not taken into the pool of experts: {reason}"),
    "expert.left": _("You are no longer in the pool of experts."),
    "review.offered": _("You are asked to mark an item: {panel}."),
    "review.due": _("Your marks are due soon: {panel}."),
    "review.late": _("Your marks are late: {panel}."),
    "review.taken": _("An assignment was given to somebody else: {panel}."),
    "review.short": _("An expert is missing and nobody else may be asked: {panel}."),
    "review.namesake": _(
        "A conflict is told to be a namesake’s and waits for confirmation: {panel}."
    ),
    "review.marked": _("All marks are in: {panel}."),
    "meeting.called": _("You are called to a meeting: {meeting}, {starts}."),
    "question.asked": _("The committee is asked: {question}."),
    "advice.given": _("The committee has given its advice: {question}."),
    "times.proposed": _("{name}: times are proposed with yours among them; answer by {until}."),
    "times.lost": _("{name}: the proposed times came to nothing; your project goes on waiting."),
    "times.declined": _("{name}: the proposed times were declined ({reason}); you go on waiting."),
    "booking.asked": _("{number}: {start} to {end} waits for your approval until {until}."),
    "booking.confirmed": _("{number} is confirmed: {start} to {end}."),
    "booking.taken": _("{number} is booked: {start} to {end}."),
    "booking.declined": _("{number} was not approved: {reason}"),
    "booking.moved": _("{number} was moved: now {start} to {end}."),
    "booking.withdrawn": _("{number} was given back: {reason}"),
    "booking.cancelled": _("{number}, {start} to {end}, was cancelled by the applicant."),
    "booking.expired": _("{number} ran out: {start} to {end} is free again."),
    "booking.closed": _("{number} is closed and measured."),
    "booking.offered": _(
        "{number}: {start} to {end} has become free and is kept for you until {until}."
    ),
    "project.opened": _("{number} was accepted; assessment and review are under way: {title}"),
    "project.arrived": _("A pilot project was accepted in your region: {number} {title}"),
    "project.here": _("A pilot project is to run on your line: {number} {title}"),
    "project.decided": _("{number}: {outcome}. {title}"),
    "project.withdrawn": _("{number} was withdrawn by the applicant: {title}"),
    "condition.due": _("{number}: a condition is to be met by {due}."),
    "condition.overdue": _("{number}: a condition was to be met by {due}; nothing was reported."),
    "condition.reported": _("{number}: the applicant reports a condition; please look at it."),
    "condition.met": _("{number}: a condition is confirmed as met."),
    "condition.lacking": _("{number}: a condition lacks something still; see the answer."),
    "permit.ending": _("Permit {permit} ends on {ends}: ask for more time, or close and report."),
    "permit.ended": _("Permit {permit} ended on {ends} and was not closed."),
    "permit.asked": _("More time is asked for permit {permit}; it waits for your answer."),
    "permit.granted": _("Permit {permit} was extended up to {ends}."),
    "permit.denied": _("Permit {permit} was not extended: it ends on {ends}."),
    "permit.closed": _("The line of permit {permit} was closed down and reported."),
    "step.asked": _("{number}: “{step}” was returned to you; its clock stands until you answer."),
    "step.late": _("{number}: “{step}” is late and has gone up to {to}."),
    "step.urged": _("{number}: “{step}” is urged; please say how it stands."),
    "step.supervised": _("{number}: “{step}” is under supervision; please say how it stands."),
    "call.opened": _("Now open for application until {day}: {call}"),
    "call.cancelled": _("{call} was taken back: {reason}"),
    "call.notice": _("The list of {call} is up for public notice until {day}."),
    "call.results": _("The results of {call} are published."),
    "call.arrived": _("A new application was accepted: {number} {title}"),
    "call.left": _("{number} was withdrawn by the applicant: {call}"),
    "application.accepted": _("Your application was accepted as {number}: {call}"),
    "application.seated": _("{number}: you have a place at {call}."),
    "application.waiting": _("{number}: you are in line for a place at {call}."),
    "application.granted": _("{number} passed: {call}"),
    "application.refused": _("{number} did not pass; see why: {call}"),
    "partner.asked": _("{name} names you as a party to “{title}”: please agree or decline."),
    "partner.agreed": _("{name} agreed to take part in “{title}”."),
    "partner.declined": _("{name} declined to take part in “{title}”."),
    "objection.raised": _("An objection to the list of {call} waits for your answer."),
    "objection.answered": _("Your objection to the list of {call} was answered."),
    "milestone.agreed": _("{number}: a milestone was set: {milestone}"),
    "milestone.due": _("{number}: a milestone is due on {day}: {milestone}"),
    "milestone.reported": _("{number}: a milestone was reported and is to be checked: {milestone}"),
    "milestone.passed": _("{number}: a milestone was checked and passed: {milestone}"),
    "milestone.failed": _("{number}: a milestone was not passed; see why: {milestone}"),
    "goals.reached": _("{number}: the acceptance test found every goal reached."),
    "goals.missed": _("{number}: the acceptance test found goals that are not reached."),
    "plan.ready": _("{facility} is ready for {program}: you can apply."),
    "quotation.offered": _("Quotation {number} over {total} yuan is offered to you until {until}."),
    "quotation.made": _("Quotation {number} over {total} yuan was asked for; it holds to {until}."),
    "quotation.accepted": _("Quotation {number} over {total} yuan was accepted."),
    "quotation.declined": _("Quotation {number} was declined."),
    "quotation.withdrawn": _("Quotation {number} was taken back: {reason}"),
    "quotation.ending": _("Quotation {number} runs out after {until}: accept it to keep it."),
    "quotation.lapsed": _("Quotation {number} has run out; ask again for the prices of today."),
    "quotation.unused": _("Quotation {number} has run out and was not accepted."),
    "match.withdrawn": _("{number} and {facility}: the talk was ended."),
}


def sentence(kind: str, facts: Mapping[str, Any]) -> str:
    """The notice in the language that is active now."""
    template = str(SENTENCES.get(kind, _("Something changed: {kind}")))
    said = {name: _said(name, value) for name, value in facts.items()}
    return template.format_map(_Facts({"kind": kind, **said}))


def _said(name: str, value: Any) -> Any:
    if isinstance(value, Mapping):
        return value.get("zh" if (get_language() or "zh").startswith("zh") else "en", "")
    return show_yuan(Decimal(value)) if name in YUAN and value else value


def mail_text(name: str, kind: str, facts: Mapping[str, Any]) -> str:
    """What the mail says before the link."""
    return gettext(
        "Dear {name},\n\n{said}\n\n"
        "This mail was sent by the system; nobody reads answers to it. See more here:"
    ).format(name=name, said=sentence(kind, facts))


def mail_subject(kind: str, facts: Mapping[str, Any]) -> str:
    """The sentence on one line, short enough for a mail's subject."""
    line = " ".join(sentence(kind, facts).split())
    return line if len(line) <= 120 else line[:119] + "…"


class _Facts(dict[str, Any]):
    """A missing fact shows as a dash: an old notice must never break a page."""

    def __missing__(self, key: str) -> str:
        return gettext("—")
