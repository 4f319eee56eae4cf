"""Lists as people have them: what is understood, what is refused, and that it is done once."""

import io
from datetime import date, datetime
from decimal import Decimal

import pytest
from django.utils import translation
from openpyxl import Workbook, load_workbook

from pilotline.desks.journal.models import Counter
from pilotline.desks.journal.queries import history
from pilotline.desks.registry import queries, services
from pilotline.desks.registry.importing.plan import Plan
from pilotline.desks.registry.models import Capability, Certificate, Facility, ImportFile, Resource
from pilotline.kernel.errors import Conflict, NotAllowed, NotFound, Refused
from tests.factories_registry import (
    NOW,
    authority,
    capability,
    facility,
    operator,
    organisation,
    publish_rulebook,
    resource,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _rulebook():
    publish_rulebook()
    with translation.override("en"):
        yield


def xlsx(*rows: list, title: str = "设备清单", merges: tuple[str, ...] = ()) -> bytes:
    book = Workbook()
    book.active.title = title
    for row in rows:
        book.active.append(row)
    for merge in merges:
        book.active.merge_cells(merge)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def planned(content: bytes, owner=None, *, name: str = "list.xlsx", code: str = "") -> ImportFile:
    owner = owner or organisation()
    upload = services.Upload(name, content, services.CATALOGUE, owner.pk, code)
    return services.plan_import(who=operator(owner), upload=upload, now=NOW)


def official(text: str, *, source: str = "https://example.org/list") -> ImportFile:
    upload = services.Upload("list.csv", text.encode(), services.OFFICIAL, source_url=source)
    return services.plan_import(who=authority(), upload=upload, now=NOW)


def fates(file: ImportFile) -> list[tuple[int, str]]:
    return [(f.row, f.fate) for f in Plan.read(file.plan).fates]


def problems(file: ImportFile) -> list[tuple[str, str]]:
    return [p for f in Plan.read(file.plan).fates for p in f.problems]


def applied(file: ImportFile, owner) -> ImportFile:
    return services.apply_import(who=operator(owner), pk=file.pk, now=NOW)


EQUIPMENT = (
    ["海岱平台设备清单(2026年)"],
    ["填报日期：2026年10月"],
    [
        "序号",
        "平台名称",
        "设备名称",
        "规格型号",
        "技术指标",
        None,
        "数量(台)",
        "单价（万元/批）",
        "备注",
    ],
    [None, None, None, None, "容积(m³)", "温度/℃", None, None, None],
    ["一、反应设备"],
    [1, "海岱平台", "反应釜", "K-500，316L", "０．５", "-20~150℃", "２", "0.35", "常用"],
    [2, None, "反应釜", "K-1000", "1~2", "≤200", 1, "面议", None],
    [3, None, "冻干机", "LG-5", "80L", "-50～60", 1, 1200, None],
    [],
    ["合计", None, None, None, None, None, 4, None, None],
    ["注：数量以现场为准"],
)
MERGES = ("A1:I1", "B6:B8", "E3:F3", "A3:A4", "B3:B4", "C3:C4", "D3:D4", "G3:G4", "H3:H4", "I3:I4")


def test_a_list_as_people_have_it():
    owner = organisation()
    facility("海岱平台", owner=owner)
    facility("另一平台", owner=owner)
    file = planned(xlsx(*EQUIPMENT, merges=MERGES), owner)
    assert problems(file) == []
    assert fates(file) == [
        (5, "ignored"),
        (6, "new"),
        (7, "new"),
        (8, "new"),
        (10, "ignored"),
        (11, "ignored"),
    ]
    assert Resource.objects.count() == 0
    applied(file, owner)
    first = Resource.objects.get(name="反应釜", facts__model="K-500，316L")
    assert (first.quantity, first.price, first.price_unit) == (2, Decimal("3500.00"), "批")
    assert first.facility.name == "海岱平台"
    stated = {c.attribute: (c.low, c.high, c.values) for c in first.capabilities.all()}
    assert stated == {
        "volume": (Decimal(500), Decimal(500), []),
        "temperature": (Decimal(-20), Decimal(150), []),
        "contact_material": (None, None, ["ss316l"]),
    }
    second = Resource.objects.get(facts__model="K-1000")
    assert (second.price, second.price_note) == (None, "面议")
    assert queries.search("K-1000").total == 1


def test_the_same_file_twice_changes_nothing():
    owner = organisation()
    facility("海岱平台", owner=owner)
    content = xlsx(*EQUIPMENT, merges=MERGES)
    file = planned(content, owner)
    applied(file, owner)
    version = queries.catalogue_version()
    assert applied(file, owner).status == "applied"
    again = planned(content, owner)
    assert [fate for _row, fate in fates(again)] == ["ignored", "same", "same", "same"] + [
        "ignored"
    ] * 2
    with pytest.raises(Refused):
        applied(again, owner)
    assert queries.catalogue_version() == version


def test_a_corrected_value_replaces_and_leaves_a_trace():
    owner = organisation()
    made = facility("海岱平台", owner=owner)
    head = ["设备名称", "型号", "容积(L)", "数量"]
    applied(planned(xlsx(head, ["反应釜", "K1", 500, 1]), owner), owner)
    file = planned(xlsx(head, ["反应釜", "K1", 600, 2]), owner)
    plan = Plan.read(file.plan)
    assert [(f.fate, f.changes) for f in plan.fates] == [
        ("changed", [("quantity", "1", "2"), ("volume", "500 L", "600 L")])
    ]
    applied(file, owner)
    assert [c.low for c in Capability.objects.all()] == [Decimal(600)]
    entry = history(kind="facility", id=made.pk).last()
    assert entry.action == "registry.import"
    assert entry.after["rows"][0]["changes"] == [
        ["quantity", "1", "2"],
        ["volume", "500 L", "600 L"],
    ]


def test_every_problem_is_told_with_its_cell():
    owner = organisation()
    facility("海岱平台", owner=owner)
    file = planned(
        xlsx(
            ["设备名称", "容积(L)", "温度", "数量", "可用日期", "服务类型", "购置年份"],
            ["反应釜", "很大", "200~100℃", "若干", "2026-13-01", "占卜", 1066],
            [None, 500, None, 1, None, None, None],
            ["好釜", 500, None, 1, "2026年3月", "检测", 2019],
        ),
        owner,
    )
    assert fates(file) == [(2, "refused"), (3, "refused"), (4, "new")]
    assert sorted(cell for cell, _text in problems(file)) == [
        "",
        "B2",
        "C2",
        "D2",
        "E2",
        "F2",
        "G2",
    ]
    applied(file, owner)
    assert [r.name for r in Resource.objects.all()] == ["好釜"]
    marked = load_workbook(io.BytesIO(queries.annotated_file(ImportFile.objects.get())))
    sheet = marked.active
    assert sheet["B2"].fill.start_color.rgb == "00FFC7CE"
    assert "很大" in sheet["B2"].comment.text
    assert [sheet.cell(r, 8).value.split(":")[0] for r in (1, 2, 3, 4)] == [
        "What becomes of the row",
        "not taken",
        "not taken",
        "new",
    ]


def test_what_is_confirmed_is_what_was_shown():
    owner = organisation()
    made = facility("海岱平台", owner=owner)
    file = planned(xlsx(["设备名称", "数量"], ["反应釜", 2]), owner)
    resource(made, "反应釜", "equipment")
    with pytest.raises(Conflict):
        applied(file, owner)
    assert [r.quantity for r in Resource.objects.all()] == [1]


def test_rows_of_others_and_other_peoples_files_are_closed():
    owner, other = organisation("甲"), organisation("乙")
    facility("甲平台", owner=owner)
    facility("乙平台", owner=other)
    file = planned(xlsx(["平台名称", "设备名称"], ["乙平台", "反应釜"]), owner)
    assert fates(file) == [(2, "refused")]
    with pytest.raises(NotFound):
        services.apply_import(who=operator(other, id=12), pk=file.pk, now=NOW)
    with pytest.raises(NotFound):
        queries.import_file(operator(other, id=12), file.pk)
    upload = services.Upload("a.csv", b"x", services.CATALOGUE, other.pk)
    with pytest.raises(NotAllowed):
        services.plan_import(who=operator(owner), upload=upload, now=NOW)


def test_the_same_thing_twice_in_one_file():
    owner = organisation()
    facility("海岱平台", owner=owner)
    rows = ["反应釜", 1], ["反应釜", 1], ["反应釜", 2]
    file = planned(xlsx(["设备名称", "数量"], *rows), owner)
    assert fates(file) == [(2, "new"), (3, "ignored"), (4, "refused")]


OFFICIAL = """名称,运营单位,地市,领域,级别,年度,来源
绿色化工中试平台,京博石化,滨州市,石化化工,国家级制造业中试平台(首批),2025,https://example.org/a
舟山海洋平台,浙江某院,舟山,海洋,市级,2025,https://example.org/b
生物药中试平台,齐鲁制药,,生物医药,市级中试平台(拟认定),2025,
"""


def test_an_official_list_makes_public_facts():
    file = official(OFFICIAL.replace("生物药中试平台,齐鲁制药,,", "生物药中试平台,齐鲁制药,济南,"))
    assert fates(file) == [(2, "new"), (3, "refused"), (4, "new")]
    services.apply_import(who=authority(), pk=file.pk, now=NOW)
    first, second = Facility.objects.order_by("code")
    assert (first.region, first.is_public_fact, first.operator, first.source_operator) == (
        "371600",
        True,
        None,
        "京博石化",
    )
    assert (first.tier, first.tier_step, first.status) == (
        "national_level",
        "national_list",
        "published",
    )
    assert [s.since for s in first.tier_steps.all()] == [date(2025, 1, 1)]
    assert (second.tier, second.source_url) == ("", "https://example.org/list")
    assert queries.counts_by_region() == {"370100": 1, "371600": 1}
    assert {
        f for _r, f in fates(official(OFFICIAL.splitlines()[0] + "\n" + OFFICIAL.splitlines()[1]))
    } == {"same"}


def test_an_official_list_takes_only_the_tier_of_an_operated_facility():
    made = facility(
        "绿色化工中试平台", owner=organisation(region="371600"), region="371600", summary="原文"
    )
    file = official(OFFICIAL)
    assert fates(file)[0] == (2, "changed")
    services.apply_import(who=authority(), pk=file.pk, now=NOW)
    made.refresh_from_db()
    assert (made.tier, made.is_public_fact, made.fields) == (
        "national_level",
        False,
        ["advanced_chemicals"],
    )


def test_a_city_imports_for_itself_only():
    upload = services.Upload(
        "list.csv", OFFICIAL.encode(), services.OFFICIAL, source_url="https://e.org"
    )
    file = services.plan_import(who=authority("370100"), upload=upload, now=NOW)
    assert fates(file)[0] == (2, "ignored")
    with pytest.raises(NotAllowed):
        services.plan_import(who=operator(organisation()), upload=upload, now=NOW)


def whole_catalogue():
    owner = organisation("海岱中试有限公司")
    made = facility(
        "=SUM(1)平台",
        owner=owner,
        phone="+86 531",
        latitude=Decimal("36.65"),
        longitude=Decimal("117.1"),
    )
    line = resource(
        made, "-1号线", verifications=["process"], load=40, available_from=date(2026, 12, 1)
    )
    kettle = resource(
        made, "反应釜", "equipment", line=line.pk, facts={"model": "K1", "year": 2020}, quantity=2
    )
    resource(
        made,
        "检测",
        "service",
        service_kind="testing",
        price=Decimal("80.5"),
        price_unit="样",
        processes=["hydrogenation"],
    )
    capability(made, "volume", "0.5～2立方米", kettle)
    capability(made, "volume", "80 L", kettle)
    capability(made, "temperature", "-20~150℃", kettle)
    capability(made, "gmp", "有")
    services.add_certificate(
        who=operator(owner),
        facility=made.code,
        now=NOW,
        values={
            "kind": "cnas",
            "number": "L1234",
            "valid_to": date(2027, 1, 1),
            "resource": kettle.pk,
        },
    )
    services.decide_tier(
        who=authority(),
        code=made.code,
        tier="city_level",
        since=date(2024, 5, 1),
        decided_by="@市工信局",
        now=NOW,
    )
    facility("草稿平台", owner=owner, published=False, name_en="Draft")
    return owner


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_an_export_gives_back_what_import_takes(language):
    whole_catalogue()
    everything = Facility.objects.order_by("code")
    first = cells(queries.export_xlsx(everything, language))
    content = queries.export_xlsx(everything, language)
    Resource.objects.filter(line__isnull=False).delete()
    Facility.objects.all().delete()
    Counter.objects.all().delete()
    upload = services.Upload("e.xlsx", content, services.OFFICIAL, source_url="https://example.org")
    file = services.plan_import(who=authority(), upload=upload, now=NOW)
    assert problems(file) == []
    services.apply_import(who=authority(), pk=file.pk, now=NOW)
    again = cells(queries.export_xlsx(Facility.objects.order_by("code"), language))
    for sheet in again.values():
        sheet[:] = [[v if v != "https://example.org" else None for v in row] for row in sheet]
    assert again == first
    assert Certificate.objects.get().resource.name == "反应釜"


def test_an_export_imported_where_it_came_from_is_all_the_same():
    owner = whole_catalogue()
    mine = Facility.objects.filter(operator=owner)
    file = planned(queries.export_xlsx(mine, "zh-hans"), owner)
    assert {f for _r, f in fates(file)} == {"same", "ignored"}
    for kind in ("facilities", "resources", "capabilities", "certificates"):
        file = planned(queries.export_csv(mine, kind, "en"), owner, name="a.csv")
        assert {f for _r, f in fates(file)} == {"same"}


def cells(content: bytes) -> dict[str, list[list]]:
    book = load_workbook(io.BytesIO(content))
    return {s.title: [[c.value for c in row] for row in s.iter_rows()] for s in book}


def test_an_export_runs_nothing():
    whole_catalogue()
    everything = Facility.objects.order_by("code")
    book = load_workbook(io.BytesIO(queries.export_xlsx(everything, "en")))
    assert {c.data_type for s in book for row in s.iter_rows() for c in row} <= {"s", "n", "d"}
    name = book["Facilities"]["B2"]
    assert (name.value, name.data_type, name.quotePrefix) == ("=SUM(1)平台", "s", True)
    text = queries.export_csv(everything, "facilities", "en").decode("utf-8-sig")
    assert ",'=SUM(1)平台," in text
    assert ",'+86 531," in text


def test_a_stored_day_is_a_day():
    owner = organisation()
    facility("海岱平台", owner=owner)
    applied(planned(xlsx(["设备名称", "可用日期"], ["反应釜", datetime(2026, 3, 1)]), owner), owner)
    assert Resource.objects.get().available_from == date(2026, 3, 1)


def test_old_files_are_forgotten():
    file = planned(xlsx(["设备名称", "数量"], ["反应釜", 2]))
    ImportFile.objects.filter(pk=file.pk).update(made_at=datetime(2026, 1, 1, tzinfo=NOW.tzinfo))
    assert services.forget_old_imports(now=NOW) == 1
