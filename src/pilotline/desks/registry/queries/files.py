"""Lists handed in and lists given out."""

from django.db.models import QuerySet

from pilotline.desks.journal.queries import current_rulebook
from pilotline.desks.registry.importing.annotating import annotated
from pilotline.desks.registry.importing.exporting import Exporter
from pilotline.desks.registry.importing.opening import open_file
from pilotline.desks.registry.importing.plan import Plan
from pilotline.desks.registry.models import Facility, ImportFile
from pilotline.kernel.actor import Actor
from pilotline.kernel.errors import NotFound


def import_file(who: Actor, pk: int) -> ImportFile:
    """A file that this actor handed in, else NotFound."""
    found = ImportFile.objects.select_related("facility").filter(pk=pk, made_by=who.id).first()
    if found is None or who.id is None:
        raise NotFound
    return found


def import_files(who: Actor, kind: str) -> QuerySet[ImportFile]:
    """What this actor handed in lately, newest first, without the contents."""
    return ImportFile.objects.defer("content", "plan").filter(made_by=who.id, kind=kind)


def plan_of(file: ImportFile) -> Plan:
    return Plan.read(file.plan)


def annotated_file(file: ImportFile) -> bytes:
    """The file as xlsx with errors marked and each row's fate beside it."""
    content = bytes(file.content)
    return annotated(content, open_file(file.name, content, current_rulebook()), plan_of(file))


def export_xlsx(facilities: QuerySet[Facility], language: str) -> bytes:
    """The given facilities with all below them, as a workbook that import takes back."""
    return Exporter(current_rulebook(), language).xlsx(facilities)


def export_csv(facilities: QuerySet[Facility], kind: str, language: str) -> bytes:
    """One list: facilities, tiers, resources, capabilities or certificates."""
    return Exporter(current_rulebook(), language).csv(facilities, kind)
