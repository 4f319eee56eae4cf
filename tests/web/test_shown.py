"""Words and names as they are shown to readers of both languages."""

from types import SimpleNamespace

import pytest
from django.template import Context, Template
from django.utils.translation import override

from pilotline.web.shared import marks, values


def test_units_of_prices_are_read_in_ones_own_language():
    with override("en"):
        assert [values.unit(u) for u in ("天", "公斤", "炉次", "")] == ["day", "kg", "炉次", ""]
    with override("zh-hans"):
        assert values.unit("天") == "天"


@pytest.mark.parametrize(
    ("language", "shown"), [("en", "Reactor: Scale-up"), ("zh-hans", "反应釜：放大")]
)
def test_a_name_in_english_is_shown_to_those_who_read_english(language, shown):
    context = {
        "thing": SimpleNamespace(name="反应釜", name_en="Reactor"),
        "case": SimpleNamespace(title="放大", title_en="Scale-up"),
    }
    with override(language):
        page = Template("{{ thing|named }}{{ nothing|named }}{% colon %}{{ case|titled }}")
        assert page.render(Context(context)) == shown


def test_a_cut_text_ends_with_dots_and_no_other_sign():
    for said in ("Scaled up in steps. " * 12, "逐级放大，数据可靠。" * 30):
        assert marks.around(said, "").endswith("…")
        assert marks.around(said, "")[-2] not in marks.CUT_OFF


def test_a_text_is_not_cut_within_a_word():
    text = "a line of membranes " * 20 + "reactor " + "and many other things " * 20
    piece = marks.around(text, "reactor")
    assert "reactor" in piece
    assert set(piece.strip("…").split()) <= set(text.split())
    assert marks.around(text, "").strip("…") in text
