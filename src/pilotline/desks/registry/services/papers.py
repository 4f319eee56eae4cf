"""Files of certificates: handed in by the operator, shown to everybody only when they say so."""

from datetime import datetime
from typing import IO

from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from pilotline.desks.journal.queries import current_rulebook
from pilotline.desks.journal.services import record
from pilotline.desks.registry.models import Certificate, Facility, Paper
from pilotline.desks.registry.rules import file_name, problems_of_file
from pilotline.desks.registry.services.facilities import editable
from pilotline.desks.registry.services.files import content_digest, keep_content
from pilotline.kernel.actor import Actor
from pilotline.kernel.errors import NotFound, Problem, refuse


def attach_paper(
    *,
    who: Actor,
    facility: str,
    certificate: int,
    name: str,
    size: int,
    content: IO[bytes],
    now: datetime,
    is_public: bool = False,
) -> Paper:
    """Add a file to a certificate. The same content under the same name again is the first one.

    Raises Refused when its kind, size or content is not taken, or there are too many.
    """
    with transaction.atomic():
        owner = editable(who, facility)
        held = Certificate.objects.filter(facility=owner, pk=certificate).first()
        if held is None:
            raise NotFound
        name = file_name(name)
        rulebook = current_rulebook()
        found, upload, media_type = problems_of_file(name, size, content, rulebook, "file")
        if upload is not None and held.papers.count() >= upload.max_count:
            told = format_lazy(_("At most {most} files of a certificate."), most=upload.max_count)
            found.append(Problem("file-count", told, "file"))
        digest = content_digest(content)
        same = held.papers.filter(name=name, sha256=digest).first()
        if same is not None:
            return same
        refuse(found)
        key = keep_content(content, now)
        # A file without a row would be kept for ever: it goes when the change does not stand.
        try:
            row = Paper.objects.create(
                certificate=held,
                name=name,
                size=size,
                media_type=media_type,
                sha256=digest,
                key=key,
                is_public=is_public,
                uploaded_by=who.id,
                at=now,
            )
            _note(who, "attach-paper", owner, now, after=_shown(row))
        except BaseException:
            default_storage.delete(key)
            raise
    return row


@transaction.atomic
def show_paper(*, who: Actor, facility: str, paper: int, is_public: bool, now: datetime) -> Paper:
    """Show a file to everybody on the facility's page, or to nobody but operator and authority."""
    owner = editable(who, facility)
    row = _paper(owner, paper)
    if row.is_public != is_public:
        before, row.is_public = _shown(row), is_public
        row.save(update_fields=["is_public"])
        _note(who, "show-paper", owner, now, before=before, after=_shown(row))
    return row


@transaction.atomic
def remove_paper(*, who: Actor, facility: str, paper: int, now: datetime) -> None:
    """Take a file out. Its name and digest stay in the journal, the content is deleted."""
    owner = editable(who, facility)
    row = _paper(owner, paper)
    before = _shown(row)
    forget_content([row])
    row.delete()
    _note(who, "remove-paper", owner, now, before=before)


def forget_content(papers: list[Paper]) -> None:
    """Delete the contents once the change stands."""
    keys = [paper.key for paper in papers]
    transaction.on_commit(lambda: [default_storage.delete(key) for key in keys] and None)


def _paper(owner: Facility, pk: int) -> Paper:
    row = Paper.objects.filter(pk=pk, certificate__facility=owner).first()
    if row is None:
        raise NotFound
    return row


def _shown(row: Paper) -> dict[str, object]:
    names = ("name", "size", "sha256", "is_public")
    return {"certificate": row.certificate_id} | {name: getattr(row, name) for name in names}


def _note(who: Actor, verb: str, owner: Facility, now: datetime, **what: dict[str, object]) -> None:
    record(
        who=who,
        action=f"registry.{verb}",
        subject=("facility", owner.pk),
        organisation=owner.operator_id,
        now=now,
        **what,
    )
