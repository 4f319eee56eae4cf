"""Ranges with units, read as officials and operators write them."""

import time
from contextlib import suppress
from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pilotline.kernel import units
from pilotline.kernel.errors import Unreadable
from pilotline.kernel.numerals import number, plain
from pilotline.kernel.quantity import Range, read_range, scan

READ = [
    ("-20~150℃", Range(D(-20), D(150), "degC")),
    ("－20～150°C", Range(D(-20), D(150), "degC")),
    ("-20--5℃", Range(D(-20), D(-5), "degC")),
    ("零下20℃~50℃", Range(D(-20), D(50), "degC")),
    ("≥500L", Range(D(500), None, "L")),
    ("不低于500升", Range(D(500), None, "L")),
    ("500L以上", Range(D(500), None, "L")),
    ("5 kg or more", Range(D(5), None, "kg")),
    ("最高200℃", Range(None, D(200), "degC")),
    ("≤ 10 bar", Range(None, D(10), "bar")),
    ("up to 3 m3", Range(None, D(3), "m^3")),
    ("0.5～2吨/天", Range(D("0.5"), D(2), "t/d")),
    ("2 t/d", Range(D(2), D(2), "t/d")),
    ("3万吨/年", Range(D(30000), D(30000), "t/year")),
    ("1~2万吨/年", Range(D(10000), D(20000), "t/year")),
    ("500-3000 L", Range(D(500), D(3000), "L")),
    ("500 L 至 3 m³", Range(D(500), D(3000), "L")),
    ("between 5 and 10 kg", Range(D(5), D(10), "kg")),
    ("20 to 25 °C", Range(D(20), D(25), "degC")),
    ("10^5 Pa", Range(D(100000), D(100000), "Pa")),
    ("1×10⁻³ mbar", Range(D("0.001"), D("0.001"), "mbar")),
    ("5×10^4 Pa", Range(D(50000), D(50000), "Pa")),
    ("0～-0.1MPa", Range(D("-0.1"), D(0), "MPa")),
    ("0.6 MPa（表压）", Range(D("0.6"), D("0.6"), "MPa")),
    ("0.6Mpa(G)", Range(D("0.6"), D("0.6"), "MPa")),
    ("常压~0.6MPa", Range(D("0.101325"), D("0.6"), "MPa")),
    ("常温", Range(D(10), D(30), "degC")),
    ("RT~1000℃", Range(D(25), D(1000), "degC")),
    ("150±5℃", Range(D(145), D(155), "degC")),
    ("100L±5%", Range(D(95), D(105), "L")),
    ("±2℃", Range(D(-2), D(2), "delta_degC")),
    ("10℃/min", Range(D(10), D(10), "delta_degC/min")),
    ("300rpm", Range(D(300), D(300), "rpm")),
    ("300转/分", Range(D(300), D(300), "rpm")),
    ("1.5万元", Range(D(15000), D(15000), "CNY")),
    ("1.5 million yuan", Range(D(1500000), D(1500000), "CNY")),
    ("1,000 L", Range(D(1000), D(1000), "L")),
    ("1，000L", Range(D(1000), D(1000), "L")),
    ("两吨", Range(D(2), D(2), "t")),
    ("五百升", Range(D(500), D(500), "L")),
    ("半吨", Range(D("0.5"), D("0.5"), "t")),
    ("约500L", Range(D(500), D(500), "L", about=True)),
    ("500L左右", Range(D(500), D(500), "L", about=True)),
    ("500L×2", Range(D(500), D(500), "L", count=2)),
    ("2×500L", Range(D(500), D(500), "L", count=2)),
    ("2x1000L", Range(D(1000), D(1000), "L", count=2)),
    ("（0~1）mm", Range(D(0), D(1), "mm")),
    ("2m~∞", Range(D(2), None, "m")),
    ("pH 6-8", Range(D(6), D(8), "pH")),
    ("500 mPa·s", Range(D(500), D(500), "mPa*s")),
    ("480目", Range(D(480), D(480), "mesh")),
    ("300", Range(D(300), D(300), "")),
]


@pytest.mark.parametrize(("text", "expected"), READ, ids=[t for t, _ in READ])
def test_reads_what_people_write(text: str, expected: Range) -> None:
    assert read_range(text) == expected


CONVERTED = [
    ("0.1MPa", "bar", D(1), D(1)),
    ("500 L 至 3 m³", "m^3", D("0.5"), D(3)),
    ("20℃", "K", D("293.15"), D("293.15")),
    ("32~212℉", "degC", D(0), D(100)),
    ("5℃", "delta_degC", D(5), D(5)),
    ("9 °F", "delta_degC", D(5), D(5)),
    ("700 C", "degC", D(700), D(700)),
    ("80度", "degC", D(80), D(80)),
    ("500L/批", "L", D(500), D(500)),
    ("500 Nm3/h", "m^3/h", D(500), D(500)),
    ("365.25吨/年", "t/d", D(1), D(1)),
    ("300", "rpm", D(300), D(300)),
    ("5 r/s", "rpm", None, None),
    ("3万", "CNY", D(30000), D(30000)),
    ("常压", "kPa", D("101.325"), D("101.325")),
]


@pytest.mark.parametrize(("text", "unit", "low", "high"), CONVERTED)
def test_converts_to_the_expected_unit(text: str, unit: str, low: D | None, high: D | None) -> None:
    if low is None:
        with pytest.raises(Unreadable):
            read_range(text, unit=unit)
    else:
        assert read_range(text, unit=unit) == Range(low, high, unit)


REFUSED = [
    ("", None, "empty"),
    ("  。", None, "empty"),
    ("abc", None, "words"),
    ("不锈钢 500L", None, "words"),
    ("5G", None, "words"),
    ("1000×1000mm以下", None, "words"),
    ("两三吨", None, "words"),
    ("10 L / 25 L", None, "several"),
    ("500L、1000L", None, "several"),
    ("200~100℃", None, "reversed"),
    ("-300℃", None, "impossible"),
    ("60 Hz", "rpm", "dimension"),
    ("2台", "percent", "dimension"),
    ("500 L", "kg", "dimension"),
    ("500 L 至 3 kg", None, "dimension"),
]


@pytest.mark.parametrize(("text", "unit", "reason"), REFUSED)
def test_says_why_it_cannot_read(text: str, unit: str | None, reason: str) -> None:
    with pytest.raises(Unreadable) as caught:
        read_range(text, unit=unit)
    assert caught.value.data["reason"] == reason
    assert caught.value.data["zh"]
    assert str(caught.value) == caught.value.data["en"]


def test_a_range_converts_both_ends_and_keeps_its_marks() -> None:
    assert Range(D(500), None, "L", about=True, count=2).to("m^3") == Range(
        D("0.5"), None, "m^3", about=True, count=2
    )


def test_contains_and_overlap_include_the_ends() -> None:
    vessel = Range(D(500), D(3000), "L")
    assert vessel.contains(Range(D("0.5"), D(3), "m^3"))
    assert vessel.contains(D(3000))
    assert not vessel.contains(Range(D(500), None, "L"))
    assert Range(D(500), None, "L").contains(vessel)
    assert vessel.overlap(Range(D(3), D(5), "m^3")) == Range(D(3000), D(3000), "L")
    assert vessel.overlap(Range(D(4), D(5), "m^3")) is None


@pytest.mark.parametrize(
    ("shown", "zh", "en"),
    [
        (Range(D(-20), D(150), "degC"), "-20～150 ℃", "-20 to 150 °C"),
        (Range(D(500), None, "L"), "≥ 500 L", "≥ 500 L"),
        (Range(None, D("1E+3"), "m^3/h"), "≤ 1000 m³/h", "≤ 1000 m³/h"),
        (Range(D("99.50"), D("99.5"), "percent"), "99.5%", "99.5%"),
        (Range(D(5), D(5), "kg", about=True, count=3), "约 5 kg × 3", "about 5 kg × 3"),
        (Range(D(15000), D(15000), "CNY"), "15000 元", "15000 CNY"),
        (Range(D(10), D(10), "delta_degC/min"), "10 ℃/min", "10 °C/min"),
    ],
)
def test_shows_itself_in_both_languages(shown: Range, zh: str, en: str) -> None:
    assert (shown.show("zh"), shown.show("en")) == (zh, en)


def test_what_is_shown_can_be_read_back() -> None:
    for _, expected in READ:
        for lang in ("zh", "en"):
            assert read_range(expected.show(lang), unit=expected.unit) == expected


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("1,000", D(1000)),
        ("1×10⁻³", D("0.001")),
        ("10^5", D(100000)),
        ("两千五百", D(2500)),
        ("三万零五十", D(30050)),
        ("一亿二千万", D(120000000)),
        ("十二", D(12)),
        ("一点五", D("1.5")),
        ("二〇二七", D(2027)),
        ("半", D("0.5")),
        ("1e3", D(1000)),
        ("一些", None),
        ("", None),
    ],
)
def test_reads_numbers(written: str, value: D | None) -> None:
    assert number(written) == value


@given(st.text())
def test_making_text_plain_moves_no_character(text: str) -> None:
    assert len(plain(text)) == len(text)


@given(st.text(alphabet="0123456789.,-~～×^万亿两半℃LMPakgt/天 ()±≥约∞常压温RTeE\x00", max_size=40))
def test_nothing_that_can_be_typed_breaks_the_reader(text: str) -> None:
    for found in scan(plain(text)):
        assert found.range.unit
        assert 0 <= found.start < found.end <= len(text)
    with suppress(Unreadable):
        assert read_range(text, unit="L").unit == "L"


@given(
    st.decimals(min_value=-200, max_value=3000, places=3),
    st.decimals(min_value=0, max_value=500, places=3),
    st.sampled_from(["K", "degF"]),
)
def test_conversion_there_and_back_is_the_same(low: D, width: D, unit: str) -> None:
    range_ = Range(low, low + width, "degC")
    back = range_.to(unit).to("degC")
    assert abs(back.low - low) < D("1e-6")  # type: ignore[operator]
    assert abs(back.high - low - width) < D("1e-6")  # type: ignore[operator]


def test_every_spelling_names_a_unit_that_converts_to_itself() -> None:
    registry = units.registry()
    for spelled, name in units.WORDS.items():
        assert units.canonical(spelled) == name
        assert registry.parse_units(name) is not None


def test_ten_thousand_readings_take_about_a_second() -> None:
    read_range("1~2℃", unit="K")
    started = time.process_time()
    for i in range(10_000):
        read_range(f"{i}~{i + 50}℃", unit="K")
    assert time.process_time() - started < 3


@pytest.mark.parametrize(
    "piece", ["1", "一", "1,111", "(1~", "约", "1 ", "最大", "between ", "1×1"]
)
def test_time_grows_linearly_with_hostile_text(piece: str) -> None:
    text = plain(piece * (50_000 // len(piece)))
    started = time.process_time()
    assert list(scan(text)) == []
    assert time.process_time() - started < 3
