"""Programs as data: who may apply, what is asked, and faults said plainly."""

from datetime import date

import pytest

from pilotline.rulebook import Rulebook
from pilotline.rulebook.check import check, read_sound

READY = {
    "organisation_confirmed": True,
    "facility_published": True,
    "facility_tier": "city_level",
    "facility_quality": 80,
    "facility_lines": 2,
    "facility_equipment": 12,
}


def test_what_is_not_ready_gets_a_plan(province):
    program = province.programs["provincial_recognition"]
    assert program.is_open_to(READY)
    early = READY | {"facility_quality": 30, "facility_lines": 0}
    assert program.unmet(early) == ()
    assert [one.fact for one in program.unready(early)] == ["facility_quality", "facility_lines"]
    assert all(one.advice for one in program.unready(early))


def test_a_fact_that_is_not_known_meets_nothing(province):
    program = province.programs["provincial_recognition"]
    unknown = {fact: value for fact, value in READY.items() if fact != "facility_tier"}
    assert [one.fact for one in program.unmet(unknown)] == ["facility_tier"]
    assert len(program.unmet({})) == len(program.eligibility)


def test_the_form_of_a_program_asks_for_all_at_once(province):
    program = province.programs["open_challenge"]
    missing = {m.field for m in program.form.missing({}, date(2026, 11, 28))}
    assert {"title", "route", "end", "amount", "contact_name", "consent"} <= missing
    assert program.form.confidential_ids == {"route"}


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("kind: showcase", "kind: event", "“event” needs “capacity”."),
        ("track: fair\n", "", "Say which track it follows."),
        ("track: fair", "track: race", "There is no track “race”."),
        ("track: fair", "track: tasting", "The track “tasting” does not serve a call."),
        ("track: fair", "track: fair\nrubric: mood", "There is no rubric “mood”."),
        (
            "track: fair",
            "track: fair\nrubric: mood",
            "Give both “rubric” and “review_rule”, or neither.",
        ),
        ("in: [farm]", "in: [moon]", "There is no “moon”."),
        ("in: [farm]", "is: farm, at_least: 1", "A condition needs one of “is”, “in”, “at_least”."),
        (
            "fact: organisation_kind, in: [farm]",
            "fact: facility_lines, at_least: 1",
            "What is put forward is not a facility.",
        ),
        ("{kind: publish}", "{kind: grant_tier}", "Only a facility has a tier."),
        ("role: consent, ", "", "No field has the role “consent”."),
        ("{quota: 1,", "{minimum: 60,", "A lowest total needs a rubric."),
        ("{quota: 1,", "{budget: 10, most: 20,", "The most for one is above the money in all."),
        (
            "{facts: {organisation_confirmed: true}, ok: false}",
            "{facts: {organisation_confirmed: true}, ok: true}",
            "Give at least one example that must pass and one that must fail.",
        ),
    ],
)
def test_planted_faults(spoil, old, new, sentence):
    found = [fault.text.en for fault in spoil("programs/tea-prize.yaml", old, new)]
    assert sentence in found


def test_another_program_is_one_file(folder):
    """The whole of a second program: one more file, and no code."""
    text = (folder / "programs" / "tea-prize.yaml").read_text()
    second = text.replace("id: tea_prize", "id: rice_prize").replace("茶王赛", "米王赛")
    (folder / "programs" / "rice-prize.yaml").write_text(second)
    assert check(folder) == []
    assert read_sound(folder).programs.ids == ("rice_prize", "tea_prize")


def test_an_older_release_has_no_programs(invented):
    content = invented.to_content()
    del content["kinds"]["programs"]
    assert len(Rulebook.from_content(content).programs) == 0
