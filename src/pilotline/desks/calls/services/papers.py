"""Files of an application: checked by their content, stored outside the web root."""

from datetime import datetime
from typing import IO

from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from pilotline.desks.calls.models import Application, Paper
from pilotline.desks.calls.services.hold import held_application, keep
from pilotline.desks.journal.queries import current_rulebook
from pilotline.desks.registry.rules import file_name, problems_of_file
from pilotline.desks.registry.services import content_digest, keep_content
from pilotline.kernel.actor import Actor
from pilotline.kernel.errors import NotFound, Problem, refuse

MOST = 20


def attach_paper(
    *, who: Actor, application: int, name: str, size: int, content: IO[bytes], now: datetime
) -> Paper:
    """Add a file to a draft. The same content under the same name again is the first one."""
    with transaction.atomic():
        found = held_application(who, application)
        if found.state != Application.State.DRAFT:
            refuse([Problem("handed-in", _("It is handed in and can no longer be changed."))])
        name = file_name(name)
        problems, _upload, media_type = problems_of_file(name, size, content, current_rulebook())
        if found.papers.count() >= MOST:
            problems.append(Problem("file-count", _("No more files are taken."), "papers"))
        refuse(problems)
        digest = content_digest(content)
        same = found.papers.filter(name=name, sha256=digest).first()
        if same is not None:
            return same
        key = keep_content(content, now)
        # A file without a row would be kept for ever: it goes when the change does not stand.
        try:
            row = found.papers.create(
                name=name, size=size, media_type=media_type, sha256=digest, key=key, at=now
            )
            keep(who, found, "attach", now, name=name, sha256=digest)
        except BaseException:
            default_storage.delete(key)
            raise
    return row


@transaction.atomic
def detach_paper(*, who: Actor, paper: int, now: datetime) -> None:
    """Take a file out of a draft."""
    row = Paper.objects.filter(pk=paper).first()
    if row is None:
        raise NotFound
    found = held_application(who, row.application_id)
    if found.state != Application.State.DRAFT:
        refuse([Problem("handed-in", _("It is handed in and can no longer be changed."))])
    key = row.key
    keep(who, found, "detach", now, name=row.name, sha256=row.sha256)
    row.delete()
    transaction.on_commit(lambda: default_storage.delete(key))
