"""The province's rulebook says what the plan says; a second region needs no code."""

from datetime import date
from pathlib import Path

import pytest

from pilotline.kernel.actor import covers
from pilotline.rulebook import Listing, Rulebook, StrangeContent, words
from pilotline.rulebook.check import check
from pilotline.rulebook.entries import LISTED, OPTIONAL
from tests.rulebook.conftest import INVENTED, RULEBOOKS

DAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    "folder",
    [*sorted(p for p in RULEBOOKS.iterdir() if p.is_dir()), INVENTED],
    ids=lambda p: p.name,
)
def test_every_rulebook_is_sound(folder: Path):
    assert [fault.say("en") for fault in check(folder)] == []


@pytest.fixture(params=["province", "invented"])
def any_book(request) -> Rulebook:
    return request.getfixturevalue(request.param)


def test_every_accessor_answers(any_book):
    for kind in LISTED:
        listing = any_book.listing(kind)
        assert isinstance(listing, Listing)
        assert len(listing) > 0 or kind in OPTIONAL
        assert [listing[i].id for i in listing.ids] == list(listing.ids)
        assert [e.id for e in listing if e.id in listing] == list(listing.ids)
        for entry in listing:
            assert any_book.title(kind, entry.id, "zh-hans") == entry.title.zh
            assert any_book.title(kind, entry.id, "en") == entry.title.en
            assert any_book.source_words(entry, "zh")
    assert any_book.title("tiers", "never heard of", "en") == "never heard of"
    assert set(any_book.number_prefixes) == set(words.NUMBERED)
    assert sum(any_book.matching.parts.values()) == pytest.approx(1)
    assert any_book.data_quality.rate(dict.fromkeys(words.QUALITY_MEASURES, 1.0)).score == 100
    assert set(any_book.resource_kinds.ids) == set(words.RESOURCE_KINDS)
    assert set(any_book.forms.ids) == set(words.CASE_KINDS)


def test_content_goes_there_and_back(any_book):
    again = Rulebook.from_content(any_book.to_content())
    assert again == any_book
    assert again.hash == any_book.hash
    assert len(any_book.hash) == 64


def test_what_is_no_content_is_refused(invented):
    for strange in ({}, {"format": 2, "kinds": {}}, {"format": 1, "kinds": {"region": []}}):
        with pytest.raises(StrangeContent):
            Rulebook.from_content(strange)
    spoilt = invented.to_content()
    del spoilt["kinds"]["cities"][0]["tile"]
    with pytest.raises(StrangeContent):
        Rulebook.from_content(spoilt)


def test_the_regions_share_no_names(province, invented):
    for kind in ("cities", "fields", "chains", "tiers", "verifications", "scales", "attributes"):
        ours, theirs = province.listing(kind).ids, invented.listing(kind).ids
        assert set(ours) & set(theirs) <= set(words.FIXED_ATTRIBUTES)


def test_the_plan_as_data(province):
    assert [f.title.zh for f in province.fields] == [
        "新一代信息技术",
        "生物医药",
        "高端化工",
        "高端装备制造",
        "新能源新材料",
        "未来产业",
    ]
    assert [v.title.zh for v in province.verifications] == [
        "设计验证",
        "功能性能验证",
        "工艺验证",
        "适配验证",
        "生产验证",
    ]
    assert [c.id for c in province.cities] == [
        f"37{n:02d}00" for n in (*range(1, 12), 13, 14, 15, 16, 17)
    ]
    assert all(covers(province.region.id, city.id) for city in province.cities)
    assert [(t.tier, t.value, t.by) for t in province.targets] == [
        (province.tiers.ids[2], 5, date(2027, 12, 31)),
        (province.tiers.ids[3], 1, date(2027, 12, 31)),
    ]
    assert [s.title.zh for s in province.tiers[province.tiers.ids[-1]].steps] == [
        "储备",
        "重点培育",
        "国家级",
    ]


def test_nothing_unknown_is_made_up(province):
    unknown = [c.number for c in province.clauses if not c.is_known]
    assert unknown == ["四(二)", "四(四)", "四(五)", "五(一)", "五(二)", "五(三)", "五(五)"]
    resting = {e.clause for kind in LISTED for e in province.listing(kind) if e.clause}
    assert resting & set(unknown) == set()
    assert all(model.example for model in province.construction_models)


def test_sources_are_told_in_words(province):
    target = next(iter(province.targets))
    assert province.source_words(target, "zh").endswith("（鲁工信发〔2024〕12号） 三")
    assert province.source_words(next(iter(province.scales)), "zh") == "示例（无官方数值）"
    assert province.source_words(next(iter(province.scales)), "en") == (
        "example (no official figure)"
    )


def test_the_tiles_look_like_the_province(province):
    """East on the map is east on the ground, north is north, wherever two tiles differ much."""
    cities = list(province.cities)
    assert len({(c.column, c.row) for c in cities}) == len(cities)
    for one in cities:
        for other in cities:
            if one.column >= other.column + 2:
                assert one.longitude > other.longitude
            if one.row >= other.row + 2:
                assert one.latitude < other.latitude


def test_tiers_are_ranked_with_their_steps(province):
    lowest, *_, highest = province.tiers.ids
    steps = [step.id for step in province.tiers[highest].steps]
    ranks = [province.tier_rank("unknown"), province.tier_rank(lowest)]
    ranks += [province.tier_rank(highest), *(province.tier_rank(highest, s) for s in steps)]
    assert ranks == sorted(set(ranks))


def test_an_entry_that_ended_is_readable_and_not_offered(invented):
    content = invented.to_content()
    content["kinds"]["fields"][0]["valid_to"] = "2026-06-01"
    book = Rulebook.from_content(content)
    assert [f.id for f in book.fields.valid_on(date(2026, 5, 31))] == ["tea", "timber"]
    assert [f.id for f in book.fields.valid_on(DAY)] == ["timber"]
    assert book.title("fields", "tea", "en") == "Tea"
    assert book.fields.choices("en", DAY) == [("timber", "Timber")]
    assert book.fields.choices("zh") == [("tea", "茶业"), ("timber", "木业")]
    form = book.forms["need"]
    answers = {"ming": "新茶", "shuo": "山上的新茶", "ye": "tea", "nuo": True}
    assert [m.code for m in form.missing(answers, DAY)] == ["not-a-choice"]


def test_synonyms_and_uploads(province, invented):
    assert invented.synonyms_of("TEA") == ("茶", "茗")
    assert invented.synonyms_of("rock") == ()
    assert "搪瓷" in province.synonyms_of("搪玻璃")
    assert province.upload_for("报告.PDF").id == "pdf"
    assert province.upload_for("tool.exe") is None
    assert province.upload_for("pdf") is None


def test_quality_names_the_heaviest_loss_first(invented):
    quality = invented.data_quality.rate({"contact": 0.5})
    assert quality.score == 30
    assert [part.measure for part in quality.missing] == ["equipment", "contact"]


def test_distance_fades_in_a_straight_line(invented):
    matching = invented.matching
    kilometres = (0, 5, 27.5, 50, 900)
    assert [round(matching.nearness(km), 3) for km in kilometres] == [1, 1, 0.5, 0, 0]
    assert matching.score({"text": 1, "price": None}) == pytest.approx(0.2)
