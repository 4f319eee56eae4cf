"""Files that are handed in: checked by their content, stored outside the web root."""

from datetime import datetime
from typing import IO

from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from pilotline.desks.demand.models import Attachment
from pilotline.desks.demand.services.course import tell_amended
from pilotline.desks.demand.services.hold import held, keep, note
from pilotline.desks.journal.queries import current_rulebook
from pilotline.desks.registry.rules import file_name, problems_of_file
from pilotline.desks.registry.services import content_digest, keep_content
from pilotline.kernel.actor import Actor
from pilotline.kernel.errors import NotFound, Problem, refuse
from pilotline.rulebook.model import Upload


def attach(
    *,
    who: Actor,
    case: int,
    name: str,
    size: int,
    content: IO[bytes],
    now: datetime,
    confidential: bool = False,
) -> Attachment:
    """Add a file. Attaching the same content under the same name again gives the first one.

    Raises Refused when its kind, size or content is not taken.
    """
    with transaction.atomic():
        found = held(who, case, "attach")
        rulebook = current_rulebook()
        name = file_name(name)
        problems, upload, media_type = problems_of_file(name, size, content, rulebook)
        refuse(problems)
        digest = content_digest(content)
        files = Attachment.objects.filter(case=found, removed_at=None)
        same = files.filter(name=name, sha256=digest).first()
        if same is not None:
            return same
        refuse(_too_many(upload, files.filter(upload_kind=upload.id).count()))
        key = keep_content(content, now)
        # A file without a row would be kept for ever: it goes when the change does not stand.
        try:
            row = Attachment.objects.create(
                case=found,
                name=name,
                size=size,
                media_type=media_type,
                upload_kind=upload.id,
                sha256=digest,
                key=key,
                confidential=confidential,
                uploaded_by=who.id,
                at=now,
            )
            keep(found, now)
            tell_amended(found, ("attachments",), now)
            note(who, "attach", found, now, after={"name": name, "sha256": digest, "size": size})
        except BaseException:
            default_storage.delete(key)
            raise
    return row


def _too_many(upload: Upload, count: int) -> list[Problem]:
    if count < upload.max_count:
        return []
    told = format_lazy(_("At most {most} files of this kind."), most=upload.max_count)
    return [Problem("file-count", told, "attachments")]


@transaction.atomic
def detach(*, who: Actor, attachment: int, now: datetime) -> None:
    """Take a file out of the case. Its record stays for the trail, the content is deleted."""
    row = Attachment.objects.filter(pk=attachment).first()
    if row is None:
        raise NotFound
    found = held(who, row.case_id, "attach")
    row.refresh_from_db()
    if row.removed_at is not None:
        return
    row.removed_at = now
    row.save(update_fields=["removed_at"])
    keep(found, now)
    tell_amended(found, ("attachments",), now)
    transaction.on_commit(lambda: default_storage.delete(row.key))
    note(who, "detach", found, now, before={"name": row.name, "sha256": row.sha256})
