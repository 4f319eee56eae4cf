"""What the engine finds, what it leaves, and that no text breaks it."""

import time
from datetime import date
from decimal import Decimal as D

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pilotline.engines.reading.lexicon import lexicon
from pilotline.engines.reading.problem import LONGEST, Attribute, Problem, Value, Vocabulary
from pilotline.engines.reading.result import Finding, Result
from pilotline.engines.reading.solve import solve
from pilotline.kernel.errors import Unreadable
from tests.engines.reading.labelled import TODAY, texts
from tests.engines.reading.vocabulary import shandong

SMALL = Vocabulary(
    attributes=(
        Attribute("temperature", "range", ("温度", "反应温度", "temperature"), "degC", ("degC",)),
        Attribute("dew_point", "range", ("露点", "露点温度", "dew point"), "degC"),
        Attribute("pressure", "range", ("压力", "pressure"), "MPa", ("MPa",), D(0), D(1000)),
        Attribute("vacuum", "range", ("真空度", "真空压力"), "Pa", ("Pa",), D(0), D(101325)),
        Attribute("volume", "range", ("容积", "反应釜", "reactor"), "L", ("L", "m^3"), D(0)),
        Attribute("batch_mass", "range", ("批量", "batch size"), "kg", ("kg", "t"), D(0)),
        Attribute("throughput", "range", ("处理量", "年产", "output"), "kg/h", ("t/d",), D(0)),
        Attribute("thickness", "range", ("厚度", "thickness"), "um", ("um", "mm"), D(0)),
        Attribute("film_width", "range", ("幅宽", "width"), "mm", ("mm",), D(0)),
        Attribute("humidity", "range", ("湿度", "humidity"), "percent", (), D(0), D(100)),
        Attribute(
            "material",
            "set",
            ("材质", "釜体材质", "wetted parts"),
            values=(
                Value("ss316l", ("316L", "SS316L")),
                Value("glass_lined", ("搪玻璃", "搪玻璃反应釜", "glass-lined")),
                Value("pp", ("聚丙烯", "PP")),
            ),
        ),
        Attribute(
            "process",
            "set",
            ("工艺", "process"),
            values=(
                Value("nitration", ("硝化", "nitration")),
                Value("oxidation", ("氧化", "oxidation"), ("氧化铝",)),
            ),
        ),
        Attribute("gmp", "flag", ("GMP", "GMP车间")),
        Attribute("explosion_proof", "flag", ("防爆", "explosion-proof")),
    ),
    regions=(Value("370200", ("青岛市", "青岛", "Qingdao")), Value("371100", ("日照市", "日照"))),
    verifications=(Value("process", ("工艺验证", "中试放大", "process verification")),),
    scales=(Value("bench", ("小试", "lab scale")), Value("pilot", ("中试", "pilot scale"))),
)


def read(text: str, vocabulary: Vocabulary = SMALL, today: date = TODAY) -> Result:
    return solve(Problem(text, vocabulary, today))


def quantities(text: str) -> list[tuple[str, D | None, D | None]]:
    return [(f.attribute, f.low, f.high) for f in read(text).findings if f.written and f.attribute]


def names(text: str) -> list[str]:
    return [
        v for f in read(text).findings if f.topic == "attribute" for v in f.values or (f.attribute,)
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("反应温度 -20~80℃", [("temperature", D(-20), D(80))]),
        ("－20～80℃下反应", [("temperature", D(-20), D(80))]),
        ("露点温度-40℃", [("dew_point", D(-40), D(-40))]),
        ("500 L 反应釜", [("volume", D(500), D(500))]),
        ("a 2 m3 glass-lined reactor", [("volume", D(2000), D(2000))]),
        ("压力 2 MPa，容积不低于3立方米", [("pressure", D(2), D(2)), ("volume", D(3000), None)]),
        ("最高温度200℃", [("temperature", None, D(200))]),
        ("maximum temperature of 200 °C", [("temperature", None, D(200))]),
        ("真空度-0.095MPa", [("vacuum", D(6325), D(6325))]),
        ("100 Pa", [("vacuum", D(100), D(100))]),
        ("10 bar", [("pressure", D(1), D(1))]),
        ("厚度20μm，幅宽 300mm", [("thickness", D(20), D(20)), ("film_width", D(300), D(300))]),
        ("20μm厚度 幅宽300mm", [("thickness", D(20), D(20)), ("film_width", D(300), D(300))]),
        ("厚度20μm、50μm", [("thickness", D(20), D(20)), ("thickness", D(50), D(50))]),
        ("尺寸20mm", []),
        ("纯度99.5%", []),
        ("湿度30%以下", [("humidity", None, D(30))]),
        ("产品熔点165℃", []),
        ("每批投料30kg", [("batch_mass", D(30), D(30))]),
        ("日处理2.4吨", [("throughput", D(100), D(100))]),
        ("处理量 0.24 吨/天", [("throughput", D(10), D(10))]),
        ("小试在2L釜完成，现需500L", [("volume", D(500), D(500))]),
        ("tested in a 2 L lab vessel; we need 500 L", [("volume", D(500), D(500))]),
        ("不需要200℃以上高温", []),
        ("国内尚无500L以上装置", [("volume", D(500), None)]),
        ("温度80、100、120℃", [("temperature", D(80), D(120))]),
        ("at 80, 100 and 120 °C", [("temperature", D(80), D(120))]),
        ("1、500L反应釜；2、800L釜", [("volume", D(500), D(500)), ("volume", D(800), D(800))]),
        ("5吨罐和1吨级发酵罐", [("volume", D(5000), D(5000)), ("volume", D(1000), D(1000))]),
        ("a 20 t fermenter", [("volume", D(20000), D(20000))]),
        ("5吨物料投入釜中", [("batch_mass", D(5000), D(5000))]),
        ("直线度0.5μm/m，杂质20ppm", []),
        ("热导率90W/(m·K)", []),
        ("压力2MPa，常温保存，-20℃避光储存", [("pressure", D(2), D(2))]),
        ("60 MPa shear strength", []),
    ],
)
def test_a_quantity_goes_to_its_attribute(
    text: str, expected: list[tuple[str, D | None, D | None]]
) -> None:
    assert quantities(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("不需要GMP，需要防爆", ["explosion_proof"]),
        ("无需防爆，但需GMP车间", ["gmp"]),
        ("不涉及硝化、氧化", []),
        ("非防爆区即可", []),
        ("GMP不作要求", []),
        ("GMP is not required", []),
        ("without GMP or explosion-proof rooms", []),
        ("no less than GMP", ["gmp"]),
        ("我司没有防爆车间", ["explosion_proof"]),
        ("抗氧化剂与氧化铝", []),
        ("硝化工艺", ["nitration"]),
        ("聚丙烯薄膜", []),
        ("材质聚丙烯", ["pp"]),
        ("500L，316L，2MPa", ["volume", "ss316l", "pressure"]),
        ("搪玻璃反应釜", ["glass_lined"]),
        ("PPM and GMPx", []),
    ],
)
def test_what_is_named_counts_unless_it_is_denied(text: str, expected: list[str]) -> None:
    assert names(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("316L或搪玻璃釜", [("any_of", ("ss316l", "glass_lined"), "316L或搪玻璃")]),
        ("材质316L、搪玻璃均可", [("any_of", ("ss316l", "glass_lined"), "316L、搪玻璃")]),
        ("316L/搪玻璃材质", [("any_of", ("ss316l", "glass_lined"), "316L/搪玻璃")]),
        ("材质316L或SS316L", [("has", ("ss316l",), "316L")]),
        ("材质316L、搪玻璃或PP", [("any_of", ("ss316l", "glass_lined", "pp"), "316L、搪玻璃或PP")]),
        (
            "glass-lined or 316L, 300 L",
            [("any_of", ("glass_lined", "ss316l"), "glass-lined or 316L")],
        ),
        ("316L和搪玻璃釜", [("has", ("ss316l",), "316L"), ("has", ("glass_lined",), "搪玻璃")]),
        ("硝化/氧化", [("has", ("nitration",), "硝化"), ("has", ("oxidation",), "氧化")]),
        ("不涉及硝化或氧化", []),
    ],
)
def test_a_choice_is_one_finding(
    text: str, expected: list[tuple[str, tuple[str, ...], str]]
) -> None:
    found = [f for f in read(text).findings if f.values]
    assert [(f.relation, f.values, text[slice(*f.spans[0])]) for f in found] == expected


@pytest.mark.parametrize(
    ("text", "wishes"),
    [
        ("需要500L反应釜，最好有GMP车间", ["gmp"]),
        ("具备GMP者优先，必须防爆", ["gmp"]),
        ("如有可能，温度80℃；压力2MPa", ["temperature"]),
        (
            "We need 500 L; preferably glass-lined reactor, ideally explosion-proof",
            ["material", "explosion_proof"],
        ),
        ("需防爆。希望符合GMP", ["gmp"]),
        ("希望开展防爆试验", []),
        ("最好有GMP车间，GMP是硬性要求", []),
    ],
)
def test_what_is_only_welcome_is_a_wish(text: str, wishes: list[str]) -> None:
    assert [f.attribute for f in read(text).findings if f.wish] == wishes


@pytest.mark.parametrize(
    ("text", "relation", "first", "last"),
    [
        ("3月底前", "by", None, date(2027, 3, 31)),
        ("2027年上半年", "within", date(2027, 1, 1), date(2027, 6, 30)),
        ("三个月内完成", "by", None, date(2027, 2, 22)),
        ("半年内", "by", None, date(2027, 5, 22)),
        ("10个工作日内", "by", None, date(2026, 12, 4)),
        ("今年年底前", "by", None, date(2026, 12, 31)),
        ("明年二季度", "within", date(2027, 4, 1), date(2027, 6, 30)),
        ("下月初", "within", date(2026, 12, 1), date(2026, 12, 10)),
        ("2027年3月15日起", "from", date(2027, 3, 15), None),
        ("2027年3月-6月", "within", date(2027, 3, 1), date(2027, 6, 30)),
        ("截止2027-06-30", "by", None, date(2027, 6, 30)),
        ("by March 2027", "by", None, date(2027, 3, 31)),
        ("before 15 March 2027", "by", None, date(2027, 3, 15)),
        ("within 6 weeks", "by", None, date(2027, 1, 3)),
        ("within six months", "by", None, date(2027, 5, 22)),
        ("by the end of June", "by", None, date(2027, 6, 30)),
        ("starting in May 2027", "from", date(2027, 5, 1), None),
        ("Q2 2027", "within", date(2027, 4, 1), date(2027, 6, 30)),
        ("from March to June 2027", "within", date(2027, 3, 1), date(2027, 6, 30)),
        ("next quarter", "within", date(2027, 1, 1), date(2027, 3, 31)),
    ],
)
def test_days_and_deadlines(
    text: str, relation: str, first: date | None, last: date | None
) -> None:
    assert [(f.relation, f.first_day, f.last_day) for f in read(text).of("time")] == [
        (relation, first, last)
    ]


@pytest.mark.parametrize("text", ["2月30日前", "2024年完成小试", "2020-01-01", "3 may follow"])
def test_a_day_that_is_past_or_none_is_not_offered(text: str) -> None:
    assert read(text).of("time") == ()


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("预算80万元", D(800000), D(800000)),
        ("经费50~80万", D(500000), D(800000)),
        ("报价20万元以内", None, D(200000)),
        ("budget of about 300,000 yuan", D(300000), D(300000)),
        ("price below RMB 200k", None, D(200000)),
        ("不超过￥1,200,000", None, D(1200000)),
        ("1.2 million RMB", D(1200000), D(1200000)),
    ],
)
def test_budgets(text: str, low: D | None, high: D | None) -> None:
    assert [(f.low, f.high) for f in read(text).of("budget")] == [(low, high)]


@pytest.mark.parametrize(
    "text", ["年产值5亿元", "总投资2000万元", "售价300元/吨", "市场规模10亿元"]
)
def test_other_money_is_no_budget(text: str) -> None:
    assert read(text).of("budget") == ()


def test_regions_by_short_name_and_not_in_the_name_of_a_body() -> None:
    assert [f.values for f in read("希望在青岛开展").of("region")] == [("370200",)]
    assert read("青岛某企业与青岛科技大学").of("region") == ()
    assert read("日照时间不影响").of("region") == ()


def test_verification_scale_and_duration() -> None:
    result = read("中试规模的工艺验证，周期约3周；小试已完成")
    assert [f.values for f in result.of("verification")] == [("process",)]
    assert [f.values for f in result.of("scale")] == [("pilot",)]
    assert [(f.relation, f.low) for f in result.of("duration")] == [("about", D(21))]
    both = read("完成中试放大")
    assert [f.topic for f in both.findings] == ["scale", "verification"]


def test_every_finding_says_where_it_comes_from() -> None:
    text = "需５００Ｌ反应釜，温度－20～80℃，再次强调：500L反应釜。"
    volume, temperature = read(text).findings
    assert [text[s.start : s.end] for s in volume.spans] == ["５００Ｌ", "500L"]
    assert (volume.cues, volume.reason, volume.unit) == (("反应釜",), "cue-after", "L")
    assert temperature.written is not None
    assert temperature.written.show("zh") == "-20～80 ℃"
    assert 0.5 <= temperature.confidence <= 1


def test_what_is_left_out_is_kept_with_its_reason() -> None:
    result = read("不需要GMP；实验室阶段用2L釜；2020年完成；聚丙烯制品")
    assert result.findings == ()
    assert [(s.finding.topic, s.why) for s in result.set_aside] == [
        ("attribute", "negated"),
        ("attribute", "background"),
        ("time", "past"),
        ("attribute", "unsure"),
    ]


def test_a_problem_checks_itself() -> None:
    with pytest.raises(Unreadable) as caught:
        Problem("a" * (LONGEST + 1), SMALL, TODAY)
    assert caught.value.data["reason"] == "too-long"
    with pytest.raises(ValueError, match="kind"):
        Attribute("x", "colour", ())
    with pytest.raises(ValueError, match="unit"):
        Attribute("x", "range", (), "furlongs_per_lamp")
    with pytest.raises(ValueError, match="values"):
        Attribute("x", "set", ())
    with pytest.raises(ValueError, match="share"):
        Vocabulary((Attribute("x", "flag", ()), Attribute("x", "flag", ())))


FRAGMENTS = [one.text for name in ("tuned", "held-out") for one in texts(name)]
TYPED = st.one_of(
    st.text(max_size=80),
    st.lists(st.sampled_from(FRAGMENTS), max_size=3).map("".join),
    st.text(
        alphabet="0123456789.,-~～^×±≥约不需无年月底前内万元温度压力℃MPaL 釜\x00\n()", max_size=60
    ),
)


def check(result: Result, text: str) -> None:
    everything: list[Finding] = [*result.findings, *(s.finding for s in result.set_aside)]
    for finding in everything:
        assert finding.spans
        for span in finding.spans:
            assert 0 <= span.start < span.end <= len(text)
        assert list(finding.spans) == sorted(finding.spans)
        assert 0 < finding.confidence <= 1
        if finding.low is not None and finding.high is not None:
            assert finding.low <= finding.high
        if finding.first_day and finding.last_day:
            assert finding.first_day <= finding.last_day
    starts = [f.spans[0].start for f in result.findings]
    assert starts == sorted(starts)


@settings(max_examples=300, deadline=None)
@given(TYPED, st.dates(date(2000, 1, 1), date(2090, 1, 1)))
def test_no_text_breaks_it_and_it_says_the_same_twice(text: str, today: date) -> None:
    problem = Problem(text, shandong(), today)
    result = solve(problem)
    check(result, text)
    assert solve(problem) == result


@settings(max_examples=60, deadline=None)
@given(st.decimals(1, 900, places=1), st.sampled_from(["℃", " °C", "摄氏度"]))
def test_the_words_marked_hold_the_number(value: D, unit: str) -> None:
    text = f"需要反应温度{value}{unit}。"
    (finding,) = read(text).findings
    assert text[finding.spans[0].start : finding.spans[0].end] == f"{value}{unit}"
    assert finding.low == finding.high == value


@pytest.mark.parametrize(
    "piece",
    ["1", "温度80℃", "加氢", "青岛", "2027年", "预算5万", "1 L ", "不需要", "\x00", "by Mar "],
)
def test_fifty_thousand_characters_take_seconds_at_worst(piece: str) -> None:
    lexicon(shandong())
    text = (piece * LONGEST)[:LONGEST]
    started = time.process_time()
    check(read(text, shandong()), text)
    assert time.process_time() - started < 8


def test_fifty_thousand_characters_of_real_needs_take_about_half_a_second() -> None:
    text = ("\n".join(FRAGMENTS) * 20)[:LONGEST]
    lexicon(shandong())
    read(text[:1000], shandong())
    started = time.process_time()
    assert read(text, shandong()).findings
    assert time.process_time() - started < 2.5
