"""Rulebook folders for tests: the invented region, and copies of it to spoil."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from pilotline.rulebook import Rulebook
from pilotline.rulebook.check import read_sound
from pilotline.rulebook.reading import Fault

HERE = Path(__file__).resolve().parent
RULEBOOKS = HERE.parents[1] / "rulebooks"
INVENTED = HERE / "regions" / "yunling"


@pytest.fixture(scope="session")
def province() -> Rulebook:
    return read_sound(RULEBOOKS / "shandong")


@pytest.fixture(scope="session")
def invented() -> Rulebook:
    return read_sound(INVENTED)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the invented region that a test may spoil."""
    return Path(shutil.copytree(INVENTED, tmp_path / "yunling"))


@pytest.fixture
def spoil(folder: Path) -> Callable[..., list[Fault]]:
    """Replace a text in one file of the copy and return the faults that are then found."""
    from pilotline.rulebook.check import check

    def spoil_and_check(file: str, old: str, new: str) -> list[Fault]:
        place = folder / file
        text = place.read_text()
        assert old in text, f"{old!r} is not in {file}"
        place.write_text(text.replace(old, new, 1))
        return check(folder)

    return spoil_and_check
