"""Tracks and the rules about pilot projects: what ships is sound, what is spoilt is told."""

import pytest

from pilotline.engines.tracks.solve import plan
from pilotline.rulebook import Rulebook
from pilotline.rulebook.approval import ProjectFacts
from pilotline.rulebook.check_tracks import SENTENCES

TRACK = "tracks/tasting.yaml"


def test_the_shipped_tracks_save_time(province) -> None:
    track = next(t for t in province.tracks if t.serves == "project")
    promised, green = plan(track.walk), plan(track.walk, green=True)
    assert promised.saved > 0
    assert green.side_by_side < promised.side_by_side
    assert track.good < set(track.walk.ends)
    assert all(track.step(step.id) == step for step in track.steps)


def test_assessment_and_review_wait_for_the_same_step(province) -> None:
    track = next(t for t in province.tracks if t.serves == "project")
    beside = {track.walk.step(s.id).after for s in track.steps if s.act in ("assessment", "review")}
    assert len(beside) == 1


def test_the_green_lane_asks_closed_questions(province) -> None:
    facts = ProjectFacts(on_key_list=True)
    assert [rule.id for rule in province.green_lane if rule.applies(facts)] == ["key_project"]
    assert not any(rule.applies(ProjectFacts()) for rule in province.green_lane)
    top = ProjectFacts(fields=("new_energy_materials",), tier="national_level")
    assert any(rule.applies(top) for rule in province.green_lane)


def test_an_older_release_has_no_tracks(invented) -> None:
    content = invented.to_content()
    for kind in ("tracks", "bodies", "outcomes"):
        del content["kinds"][kind]
    assert list(Rulebook.from_content(content).tracks) == []


@pytest.mark.parametrize(
    ("old", "new", "line", "sentence"),
    [
        (
            "who: tasters, days: 5",
            "who: tasters, after: [serve], days: 5",
            10,
            "The steps “taste” and “taste” wait for each other: a circle.",
        ),
        (
            "who: tea_office, after",
            "who: ghosts, after",
            11,
            "The step “serve” is for “ghosts”, but there is no such role or body.",
        ),
        (
            "out: {tasty: on, bitter: on}",
            "out: {again: wait}",
            10,
            "The outcome “” of step “taste” has no way on: the case would stop there.",
        ),
        (
            "bitter: poured_away",
            "bitter: lost",
            11,
            "An outcome of step “serve” leads to “lost”: no such end, and no called step.",
        ),
        (
            "after: [smell, taste]",
            "after: [smell]",
            11,
            "A track comes together in one last step; “serve” and “taste” both are last.",
        ),
        (
            "green: 1",
            "green: 4",
            9,
            "The step “smell” is slower in the green lane than without it.",
        ),
        ("again: wait", "again_and_again: wait", 9, "There is no outcome “again_and_again”."),
        ("days: 3", "days: -1", 9, "“days” may not be below 0."),
    ],
)
def test_planted_faults(spoil, old, new, line, sentence) -> None:
    found = [fault for fault in spoil(TRACK, old, new) if fault.file == TRACK]
    assert (line, sentence) in [(fault.line, fault.text.en) for fault in found]


def test_every_fault_of_the_engine_has_its_sentence() -> None:
    from pilotline.engines.tracks.soundness import faults_of

    documented = (faults_of.__doc__ or "").partition("Codes:")[2].replace("\n", " ")
    listed = {word.strip().split(" ")[0] for word in documented.rstrip(" .").split(",")}
    assert {code.strip(".") for code in listed if code} == set(SENTENCES)
