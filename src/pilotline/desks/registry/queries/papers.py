"""Files of certificates, for those who may open them."""

from collections.abc import Iterable

from django.core.files.base import File
from django.core.files.storage import default_storage

from pilotline.desks.registry.models import Paper
from pilotline.desks.registry.rules.access import may_open_paper
from pilotline.kernel.actor import Actor
from pilotline.kernel.errors import NotFound


def open_paper(*, who: Actor, id: int) -> tuple[Paper, File]:
    """The record and the open file. Raises NotFound when either is not there for this actor."""
    found = Paper.objects.select_related("certificate__facility").filter(pk=id).first()
    if found is None or not may_open_paper(who, found.certificate.facility, found.is_public):
        raise NotFound
    try:
        return found, default_storage.open(found.key, "rb")
    except FileNotFoundError:
        raise NotFound from None


def paper_names() -> Iterable[str]:
    """The names in the store of all files that are kept, for a check of the installation."""
    return Paper.objects.values_list("key", flat=True)
