"""What lies in a case's folder: attached files and the receipt."""

from collections.abc import Iterable

from django.core.files.base import File
from django.core.files.storage import default_storage

from pilotline.desks.demand.models import Attachment, Case, Receipt
from pilotline.desks.demand.queries.cases import case as case_for
from pilotline.desks.demand.queries.cases import insights_of
from pilotline.desks.demand.rules import Sight, sight
from pilotline.kernel.actor import Actor
from pilotline.kernel.errors import NotFound

SHORTEST_DIGEST = 12


def attachments(*, who: Actor, case: Case) -> list[Attachment]:
    """The files of a case that this actor may open, in the order they came in."""
    seen = sight(who, case, insights_of(who, case))
    if seen is Sight.NOTHING:
        return []
    found = Attachment.objects.filter(case=case, removed_at=None)
    return list(found.filter(confidential=False) if seen is Sight.ASKED else found)


def attachment(*, who: Actor, id: int) -> Attachment:
    """One file's record for those who may open it. Raises NotFound for all others."""
    found = Attachment.objects.filter(pk=id, removed_at=None).first()
    if found is None:
        raise NotFound
    owner = case_for(who=who, id=found.case_id)
    if found not in attachments(who=who, case=owner):
        raise NotFound
    return found


def open_attachment(*, who: Actor, id: int) -> tuple[Attachment, File]:
    """The record and the open file. Raises NotFound when either is not there for this actor."""
    found = attachment(who=who, id=id)
    try:
        return found, default_storage.open(found.key, "rb")
    except FileNotFoundError:
        raise NotFound from None


def attachment_names() -> Iterable[str]:
    """The names in the store of all files that are kept, for a check of the installation."""
    return Attachment.objects.values_list("key", flat=True)


def receipt(*, who: Actor, case: int) -> Receipt:
    """The receipt of a case for those who see all of it. Raises NotFound."""
    found = case_for(who=who, id=case)
    if sight(who, found, insights_of(who, found)) is not Sight.ALL:
        raise NotFound
    paper = Receipt.objects.select_related("case").filter(case=found).first()
    if paper is None:
        raise NotFound
    return paper


def checked_receipt(*, number: str, digest: str) -> Receipt | None:
    """The receipt whose number and first characters of the digest somebody holds in hand.

    None when they do not fit together: it says neither which is wrong nor that the number exists.
    """
    digest = digest.strip().lower()
    if len(digest) < SHORTEST_DIGEST or "\x00" in number + digest:
        return None
    return Receipt.objects.filter(number=number.strip(), digest__startswith=digest).first()
