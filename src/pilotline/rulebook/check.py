"""Is a rulebook sound? Every fault at once, each with file, line and a plain sentence."""

from pathlib import Path as Folder

from pilotline.kernel.errors import PilotlineError
from pilotline.rulebook.book import Rulebook
from pilotline.rulebook.check_approval import approval_faults
from pilotline.rulebook.check_attributes import attribute_faults
from pilotline.rulebook.check_booking import booking_faults
from pilotline.rulebook.check_calendar import calendar_faults
from pilotline.rulebook.check_entries import Sound, entry_faults
from pilotline.rulebook.check_examples import example_faults
from pilotline.rulebook.check_forms import form_faults
from pilotline.rulebook.check_prices import price_faults
from pilotline.rulebook.check_programs import program_faults
from pilotline.rulebook.check_reviewing import reviewing_faults
from pilotline.rulebook.check_schema import schema_faults
from pilotline.rulebook.check_settlement import settlement_faults
from pilotline.rulebook.check_tracks import track_faults
from pilotline.rulebook.draft import Draft, DraftEntry, read_folder
from pilotline.rulebook.reading import Fault, Path


class Unsound(PilotlineError):
    """The rulebook has faults; run `pilotline rulebook check` to see them."""

    code = "rulebook-unsound"

    def __init__(self, faults: list[Fault]) -> None:
        self.faults = faults
        super().__init__("; ".join(fault.say("en") for fault in faults[:5]), count=len(faults))


def check(given: Draft | Folder) -> list[Fault]:
    """All faults of a draft or of a folder, by file and line; empty when it may be published.

    Examples are tried only when all else is right, for a rule that is not whole proves nothing.
    """
    draft = given if isinstance(given, Draft) else read_folder(given)
    faults = list(draft.faults)
    spoilt: set[tuple[str, Path]] = set()
    for kind, document in draft.documents:
        for path, fault in schema_faults(kind, document):
            faults.append(fault)
            spoilt.add((document.file, path))
    sound = Sound.read(draft, lambda entry: any(_touches(entry, *place) for place in spoilt))
    faults += entry_faults(sound)
    faults += attribute_faults(sound.of("attributes"))
    faults += form_faults(sound)
    faults += calendar_faults(sound.of("calendar"))
    faults += booking_faults(sound)
    faults += settlement_faults(sound)
    faults += price_faults(sound)
    faults += reviewing_faults(sound)
    faults += program_faults(sound)
    faults += track_faults(sound)
    faults += approval_faults(sound)
    if not faults:
        faults += example_faults(draft, Rulebook.from_content(draft.content()))
    return sorted(set(faults), key=lambda fault: (fault.file, fault.line, fault.text.en))


def read_sound(folder: Folder) -> Rulebook:
    """The rulebook of a folder; raises Unsound, with all faults, when it has any."""
    draft = read_folder(folder)
    faults = check(draft)
    if faults:
        raise Unsound(faults)
    return Rulebook.from_content(draft.content())


def _touches(entry: DraftEntry, file: str, path: Path) -> bool:
    """True when the faulty path lies in the entry, or in the head of its file."""
    if file != entry.document.file:
        return False
    in_another = path[:1] == ("entries",) and len(path) > 1 and path[:2] != entry.path[:2]
    return not (entry.path and in_another)
