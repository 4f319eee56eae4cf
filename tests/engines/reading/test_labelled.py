"""Precision and recall on texts labelled by hand, beside the simplest method."""

import re

import pytest

from pilotline.engines.reading import baseline
from pilotline.engines.reading.solve import solve
from tests.engines.reading.labelled import asked, rate, texts
from tests.engines.reading.vocabulary import shandong

QUANTITIES = {a.id for a in shandong().attributes if a.kind == "range"} | {"budget", "duration"}


def test_there_are_enough_texts_in_both_languages() -> None:
    labelled = [*texts("tuned"), *texts("held-out")]
    assert len(labelled) >= 70
    assert sum(re.search("[一-鿿]", one.text) is None for one in labelled) >= 15
    for one in labelled:
        for label in one.asks:
            assert asked(label, shandong())


@pytest.mark.parametrize(("name", "least"), [("tuned", 0.95), ("held-out", 0.93)])
def test_reads_well_and_better_than_the_baseline(name: str, least: float) -> None:
    ours = rate(solve, texts(name), shandong())
    plain = rate(baseline.solve, texts(name), shandong())
    assert ours.f1 >= least, (ours.wrong, ours.missed)
    assert ours.precision >= 0.94, ours.wrong
    assert ours.f1 > plain.f1 + 0.15


def test_quantities_alone_are_read_well() -> None:
    for name in ("tuned", "held-out"):
        score = rate(solve, texts(name), shandong(), only=QUANTITIES.__contains__)
        assert score.f1 >= 0.93, (score.wrong, score.missed)
