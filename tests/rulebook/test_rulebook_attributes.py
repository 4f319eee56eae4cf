"""The vocabulary of capabilities: what texts name, and what is believable."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pilotline.rulebook.attribute import plain


@pytest.mark.parametrize(
    ("attribute", "text", "values"),
    [
        ("process", "催化加氢后减压精馏", ("hydrogenation", "distillation")),
        ("process", "负载在氧化铝上,加氢站用", ()),
        ("process", "先氧化，再用氧化锆珠研磨", ("oxidation", "milling")),
        ("hazards", "悬浮法聚氯乙烯树脂", ()),
        ("hazards", "乙烯与甲醇", ("flammable", "flammable_gas")),
        ("process", "SMT贴片与回流焊", ("smt",)),
        ("contact_material", "材质：３１６Ｌ", ("ss316l",)),
        ("contact_material", "PPM级", ()),
        ("contact_material", "衬PP", ("pp",)),
        ("contact_material", "石墨烯浆料，搪瓷釜", ("glass_lined",)),
        ("clean_class", "三十万级", ("class_300000",)),
        ("clean_class", "十万级", ("iso_8",)),
        ("clean_class", "局部百级、背景万级", ("iso_7", "iso_5")),
        ("certificate", "具备CNAS、CMA资质", ("cnas", "cma")),
    ],
)
def test_names_are_read_from_texts(province, attribute, text, values):
    assert province.attributes[attribute].values_in(text) == values


def test_spans_point_into_the_text(province):
    text = "需５００Ｌ搪玻璃反应釜"
    [(value, start, end)] = province.attributes["contact_material"].find_values(text)
    assert (value, text[start:end]) == ("glass_lined", "搪玻璃反应釜")


def test_levels_are_ranked_and_sets_are_not(province):
    assert [v.rank for v in province.attributes["clean_class"].values] == [1, 2, 3, 4, 5, 6, 7, 8]
    assert {v.rank for v in province.attributes["process"].values} == {0}


@pytest.mark.parametrize(
    ("low", "high", "believable"),
    [(-20, 150, True), (None, 150, True), (150, -20, False), (-300, 0, False), (0, 9999, False)],
)
def test_only_what_exists_is_believable(province, low, high, believable):
    assert province.attributes["temperature"].is_believable(low, high) is believable


def test_titles_of_values_have_a_fallback(province):
    attribute = province.attributes["contact_material"]
    assert attribute.value_title("ss316l", "zh-hans") == "316L 不锈钢"
    assert attribute.value_title("unobtainium", "en") == "unobtainium"


@given(st.text(max_size=200))
def test_plain_keeps_every_place(text):
    assert len(plain(text)) == len(text)


@given(st.data())
def test_every_name_finds_its_value(province, data):
    """Whatever words stand around it: a name that is not part of a longer one is found."""
    attribute = data.draw(st.sampled_from([a for a in province.attributes if a.values]))
    value = data.draw(st.sampled_from(attribute.values))
    name = data.draw(st.sampled_from(value.names))
    assert value.id in attribute.values_in(f"要求： {name} 。")
