"""Prices in and out as a list: every row's fate first, then exactly that, and never twice."""

import io
from datetime import timedelta
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from pilotline.desks.booking.forms.columns import columns
from pilotline.desks.booking.models import Tariff, TariffFile
from pilotline.desks.booking.queries import tariff_lists as queries
from pilotline.desks.booking.services import tariff_lists as services
from pilotline.desks.registry import services as registry
from pilotline.desks.registry.forms import UnreadableFile
from pilotline.kernel.errors import Conflict, NotAllowed, NotFound, Refused
from tests.factories import NOW, actor
from tests.factories_matching import operated
from tests.factories_tariffs import CONTENT, resource, tariff

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("rulebook")]
HEAD = ["平台", "资源", "收费项目", "费用类型", "单价（元）", "计费单位", "阶梯", "封顶",
        "税率（%）", "含税方式", "加急（%）", "省内中小企业系数（%）", "生效日期"]  # fmt: skip


def book(*rows: list[Any], head: list[str] | None = None) -> bytes:
    workbook = Workbook()
    sheet = workbook.active
    sheet.append(["设备收费标准"])
    sheet.append(head or HEAD)
    for row in rows:
        sheet.append(row)
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


class Place:
    """An operator with one facility, an instrument and a line."""

    def __init__(self) -> None:
        self.who, self.facility = operated()
        self.instrument = resource(self.who, self.facility, "质谱仪")
        self.other = resource(self.who, self.facility, "电镜")

    def plan(self, content: bytes, now: Any = NOW) -> TariffFile:
        return services.plan_tariffs(who=self.who, name="价目.xlsx", content=content, now=now)

    def apply(self, file: TariffFile, now: Any = NOW) -> TariffFile:
        return services.apply_tariffs(who=self.who, pk=file.pk, now=now)


@pytest.fixture
def place() -> Place:
    return Place()


def fates(file: TariffFile) -> list[str]:
    return [fate.fate for fate in queries.plan_of(file).fates]


GOOD = [
    ["", "质谱仪", "机时费", "使用费", 300, "小时", "0-40: 100%；40-: 80%", "6000/月", 6, "含税",
     150, 90, None],
    ["", "质谱仪", "清洗费", "cleaning", "1,200", "次", None, None, None, None, None, None, None],
    ["", "", "电费", "utility", "0.85", "千瓦时", None, None, 13, "不含税", None, None, None],
]  # fmt: skip


def test_a_list_becomes_tariffs_once(place: Place) -> None:
    file = place.plan(book(*GOOD))
    assert (fates(file), Tariff.objects.count()) == (["new", "new", "new"], 0)
    place.apply(file)
    place.apply(file)
    own = Tariff.objects.get(resource=place.instrument)
    use, cleaning = own.content["entries"]
    assert (use["price"], use["unit"], use["tiers"][1]["factor"]) == ("300", "hour", "0.8")
    assert (use["caps"], cleaning["price"]) == (
        [{"amount": "6000", "period": "month", "classes": []}],
        "1200",
    )
    assert (own.content["tax"], own.content["tax_mode"]) == ("0.06", "included")
    assert (own.content["urgent"], own.content["factors"]) == ("1.5", {"sme": "0.9"})
    assert own.valid_from == NOW.date()
    assert Tariff.objects.get(resource=None).content["tax_mode"] == "added"
    # The same list again, on another day: nothing is new.
    again = place.plan(book(*GOOD), NOW + timedelta(days=9))
    assert set(fates(again)) == {"same"}
    with pytest.raises(Refused):
        place.apply(again, NOW + timedelta(days=9))
    assert Tariff.objects.count() == 2


def test_what_is_exported_is_the_same_and_one_change_is_one_change(place: Place) -> None:
    tariff(place.facility, place.instrument, who=place.who)
    tariff(place.facility, who=place.who, content=CONTENT | {"urgent": None})
    listed = columns(_rulebook())
    for chinese in (True, False):
        rows = [
            [_flat(line.get(c.key)) for c in listed]
            for line in queries.listed_tariffs(who=place.who)
        ]
        head = [c.zh if chinese else c.en for c in listed]
        assert set(fates(place.plan(book(*rows, head=head)))) == {"same"}
    at = [c.key for c in listed].index("price")
    rows[0][at] = "310"
    later = NOW + timedelta(days=30)
    file = place.plan(book(*rows, head=head), later)
    found = queries.plan_of(file).fates
    assert [f.fate for f in found].count("changed") == 1
    (changed,) = [f for f in found if f.fate == "changed"]
    assert len(changed.changes) == 1
    # The day that stands in the list is that of the version of before: it holds from today on.
    place.apply(file, later)
    assert Tariff.objects.order_by("-id").first().valid_from == later.date()


def _rulebook() -> Any:
    from pilotline.desks.journal.queries import current_rulebook

    return current_rulebook()


def _flat(value: Any) -> Any:
    if isinstance(value, bool):
        return "是" if value else "否"
    return "、".join(value) if isinstance(value, list) else value


def test_every_fault_stands_at_its_row_and_cell(place: Place) -> None:
    bad = [
        ["", "质谱仪", "机时费", "使用费", -5, "小时", "0-10: 100%;20-: 90%", "x/月", 6, "含税",
         900, None, "2020-01-01"],
        ["", "质谱仪", "清洗费", "洗", "many", "次", None, None, None, None, None, None, None],
        ["别家平台", "", "电费", "utility", 1, "千瓦时", None, None, None, None, None, None, None],
        ["", "无此设备", "电费", "utility", 1, "千瓦时", None, None, None, None, None, None, None],
        ["", "电镜", "机时费", "使用费", 200, "小时", None, None, 6, "含税", None, None, None],
    ]  # fmt: skip
    file = place.plan(book(*bad))
    assert fates(file) == ["refused", "refused", "refused", "refused", "new"]
    first, *_rest = queries.plan_of(file).fates
    assert first.title == f"{place.facility.name} · 质谱仪 · 机时费"
    assert {cell for cell, _text in first.problems} >= {"H3"}
    # Without the cap that cannot be read, everything else that is wrong is said at once.
    bad[0][7] = None
    file = place.plan(book(*bad))
    first, second, *_rest = queries.plan_of(file).fates
    assert {cell for cell, _text in first.problems} == {"E3", "G3", "K3", "M3"}
    assert {cell for cell, _text in second.problems} == {"D4", "E4"}
    marked = load_workbook(io.BytesIO(queries.annotated_list(file))).active
    assert marked["E3"].comment is not None
    place.apply(file)
    assert [t.resource_id for t in Tariff.objects.all()] == [place.other]


def test_prices_that_changed_meanwhile_are_not_overwritten(place: Place) -> None:
    file = place.plan(book(*GOOD))
    tariff(place.facility, place.instrument, who=place.who)
    with pytest.raises(Conflict):
        place.apply(file)
    assert Tariff.objects.count() == 1


def test_only_one_s_own_and_only_what_is_a_list(place: Place) -> None:
    file = place.plan(book(*GOOD))
    stranger = actor("operator")
    for call in (
        lambda: services.apply_tariffs(who=stranger, pk=file.pk, now=NOW),
        lambda: queries.tariff_file(who=stranger, id=file.pk),
    ):
        with pytest.raises(NotFound):
            call()
    with pytest.raises(NotAllowed):
        services.plan_tariffs(who=actor(), name="x.xlsx", content=book(*GOOD), now=NOW)
    with pytest.raises(UnreadableFile):
        place.plan(b"%PDF-1.4")
    blank = place.plan(book(head=["甲", "乙"]))
    assert (fates(blank), len(queries.plan_of(blank).remarks)) == ([], 1)
    assert services.forget_old_lists(now=NOW + timedelta(days=100)) == 2


def test_resources_called_alike_are_named_by_their_code(place: Place) -> None:
    twin = registry.add_resource(
        who=place.who, facility=place.facility.code, now=NOW,
        values={"name": "质谱仪", "kind": "line"},
    )  # fmt: skip
    head = [*HEAD, "资源编号"]
    row = ["", "质谱仪", "机时费", "使用费", 300, "小时", None, None, 6, "含税", None, None, None]
    one, two = f"R{place.instrument}", f"R{twin.pk}"
    vague = place.plan(book([*row, ""], head=head))
    (fate,) = queries.plan_of(vague).fates
    assert fate.fate == "refused"
    assert f"{one}、{two}" in fate.problems[0][1]
    alone = ["", "", *row[2:]]
    rows = [[*row, one], [*alone, two], [*row, f"R{place.other}"], [*alone, "R9999999"]]
    file = place.plan(book(*rows, head=head))
    assert fates(file) == ["new", "new", "refused", "refused"]
    place.apply(file)
    assert {t.resource_id for t in Tariff.objects.all()} == {place.instrument, twin.pk}
    # What is exported comes back as the same.
    listed = queries.listed_tariffs(who=place.who)
    assert {line["code"] for line in listed} == {one, two}
    twice = [[*row, one], [*alone, one]]
    assert fates(place.plan(book(*twice, head=head)))[1] == "refused"
