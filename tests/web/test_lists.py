"""Lists and forms as every page uses them: search, filter, sort, export; all errors at once."""

import io
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.template import Context, Template
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from django_htmx.middleware import HtmxDetails
from openpyxl import load_workbook

from pilotline.desks.people.models import Organisation
from pilotline.kernel.actor import NOBODY
from pilotline.kernel.errors import Problem, Refused
from pilotline.web.shared import marks, sheets, values
from pilotline.web.shared.forms import (
    ChipsField,
    DayField,
    FilesField,
    LongField,
    MoneyField,
    OneOfField,
    PageForm,
    Section,
    apply_problems,
)
from pilotline.web.shared.lists import Column, Empty, Filter, ListPage

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
CITIES = [("370100", "济南"), ("370200", "青岛"), ("370300", "淄博")]


def make(number, **given):
    data = {
        "name": f"机构{number:03d}",
        "credit_code": f"C{number}",
        "kind": "sme",
        "region": CITIES[number % 2][0],
        "created_at": NOW,
    }
    return Organisation.objects.create(**data | given)


def declared(**more):
    given = {
        "name": "orgs",
        "title": "机构",
        "rows": Organisation.objects.all(),
        "columns": [
            Column(
                name="name", title="名称", sort="name", leading=True, link=lambda o: f"/o/{o.pk}/"
            ),
            Column(name="region", title="城市", sort=("region", "name")),
            Column(name="created_at", title="登记", show="when"),
            Column(name="status", title="状态", show="badge", words={"pending": "待确认"}),
            Column(name="credit_code", title="代码", shown=False),
        ],
        "filters": [
            Filter(name="region", title="城市", lookup="region", choices=CITIES),
            Filter(name="kind", title="类型", lookup="kind", kind="one", choices=[("sme", "企业")]),
            Filter(name="created", title="登记", lookup="created_at", kind="dates"),
        ],
        "search": ("name", "credit_code"),
        "order": ("name",),
        "per_page": 10,
    }
    return ListPage(**given | more)


def asked(address="", **headers):
    request = RequestFactory().get(f"/orgs/{address}", headers=headers)
    request.who, request.resolver_match = NOBODY, None
    request.htmx = HtmxDetails(request)
    return request


def bound(address="", **more):
    return declared(**more).bind(asked(address))


def names(found):
    return [row.name for row in found.rows]


@pytest.mark.django_db
class TestLists:
    def test_pages_are_cut_and_nothing_is_shown_twice(self):
        for number in range(25):
            make(number)
        seen = [name for page in (1, 2, 3) for name in names(bound(f"?page={page}"))]
        assert seen == [f"机构{number:03d}" for number in range(25)]
        first = bound()
        assert (first.total, first.number_of_pages, first.first, first.last) == (25, 3, 1, 10)

    @pytest.mark.parametrize(
        ("page", "shown"), [("99", 2), ("0", 1), ("-1", 1), ("x", 1), ("９", 1), ("9" * 30, 1)]
    )
    def test_a_page_that_is_not_there_shows_one_that_is(self, page, shown):
        for number in range(15):
            make(number)
        assert bound(f"?page={page}").number == shown

    def test_every_word_must_be_found_somewhere(self):
        make(1, name="齐鲁化工", credit_code="A1")
        make(2, name="齐鲁制药", credit_code="B2")
        assert (
            names(bound("?q=齐鲁")) == ["齐鲁制药", "齐鲁化工"] or len(bound("?q=齐鲁").rows) == 2
        )
        assert names(bound("?q=齐鲁+b2")) == ["齐鲁制药"]
        assert names(bound("?q=%00")) != []

    def test_choices_of_one_filter_add_up_and_filters_narrow_each_other(self):
        make(0)
        make(1)
        make(2, region="370300")
        assert len(names(bound("?region=370100&region=370200"))) == 2
        assert names(bound("?region=370300&kind=sme")) == ["机构002"]
        assert len(names(bound("?region=999999"))) == 3

    def test_counts_compare_the_choices_of_a_filter(self):
        for number in range(3):
            make(number)
        region = bound("?region=370100").filters[0]
        assert [(c.id, c.count, c.is_chosen) for c in region.choices] == [
            ("370100", 2, True),
            ("370200", 1, False),
            ("370300", 0, False),
        ]

    def test_days_are_included_at_both_ends(self):
        make(1, created_at=datetime(2026, 3, 1, 4, tzinfo=UTC))
        make(2, created_at=datetime(2026, 3, 2, 4, tzinfo=UTC))
        make(3, created_at=datetime(2026, 3, 3, 4, tzinfo=UTC))
        assert names(bound("?created_from=2026-03-01&created_to=2026-03-02")) == [
            "机构001",
            "机构002",
        ]
        assert names(bound("?created_from=2026-03-03&created_to=nonsense")) == ["机构003"]

    def test_sorting_turns_round_and_strange_columns_are_passed_over(self):
        for number in range(3):
            make(number)
        assert names(bound("?sort=-name")) == ["机构002", "机构001", "机构000"]
        assert names(bound("?sort=region")) == ["机构000", "机构002", "机构001"]
        assert names(bound("?sort=password")) == names(bound())
        heading = bound("?sort=name&q=机构").headings[0]
        assert (heading.sorted, "sort=-name" in heading.url) == ("ascending", True)

    def test_the_address_keeps_the_state(self):
        for number in range(25):
            make(number)
        found = bound("?q=机构&region=370100&sort=-name&page=2&export=no")
        assert "page" not in found.url(sort="name")
        assert "q=%E6%9C%BA%E6%9E%84" in found.next_url or found.number_of_pages == 2
        assert found.marks[0]["url"] == "/orgs/?q=%E6%9C%BA%E6%9E%84&sort=-name"
        assert found.clean_url == "/orgs/"

    def test_three_rows_cost_as_many_queries_as_one(self):
        counts = []
        for number in (1, 3):
            while Organisation.objects.count() < number:
                make(Organisation.objects.count())
            with CaptureQueriesContext(connection) as run:
                self.part()
            counts.append(len(run))
        assert counts[0] == counts[1]

    def part(self, address="?region=370100"):
        request = asked(address, **{"HX-Request": "true", "HX-Target": "orgs-results"})
        response = declared().respond(request, "shared/error.html")
        assert response.status_code == 200
        return response

    def test_htmx_gets_the_list_alone_and_caches_keep_both_apart(self):
        make(0)
        response = self.part()
        page = response.content.decode()
        assert "<html" not in page
        assert "机构000" in page
        assert {"HX-Request", "HX-Target"} <= set(response["Vary"].split(", "))

    @pytest.mark.parametrize(
        ("show", "raw", "short"),
        [
            ("text", "XQ-2026-000038", True),
            ("text", "中试平台", True),
            ("text", "海岱精细化工中试平台", False),
            ("text", "a sentence that goes on and on", False),
            ("badge", "x", True),
            ("number", 12, True),
            ("text", None, False),
        ],
    )
    def test_what_reads_badly_in_two_lines_stays_in_one(self, show, raw, short):
        column = Column(name="a", title="A", show=show, value=lambda _row: raw)
        assert column.cell(None)["is_short"] is short

    def test_what_people_typed_is_escaped(self):
        make(0, name="<b>粗</b>")
        page = self.part("").content.decode()
        assert "&lt;b&gt;粗" in page
        assert "<b>粗" not in page

    def test_an_empty_list_says_what_to_do(self):
        request = asked("", **{"HX-Request": "true", "HX-Target": "orgs-results"})
        empty = Empty("还没有机构", "先登记一家。", "/new/", "登记")
        page = declared(empty=empty).respond(request, "x").content.decode()
        assert "还没有机构" in page
        assert 'href="/new/"' in page

    def test_nothing_found_is_told_apart_from_nothing_there(self):
        make(0)
        with translation.override("en"):
            page = self.part("?q=nowhere").content.decode()
        assert "Nothing fits this search" in page

    def test_a_filter_or_column_that_cannot_work_is_refused_at_once(self):
        with pytest.raises(ValueError, match="no way to show"):
            Column(name="a", title="A", show="hologram")
        with pytest.raises(ValueError, match="needs a lookup"):
            Filter(name="a", title="A")
        with pytest.raises(ValueError, match="no kind"):
            Filter(name="a", title="A", lookup="a", kind="some")


@pytest.mark.django_db
class TestExport:
    def sheet(self, address="", **more):
        response = declared(**more).respond(asked(f"?export=xlsx{address}"), "x")
        assert response["Content-Type"] == sheets.MEDIA_TYPE
        return load_workbook(io.BytesIO(response.content)).active

    def test_all_rows_that_the_filters_leave_with_hidden_columns(self):
        for number in range(25):
            make(number)
        rows = list(self.sheet("&region=370100&page=2").values)
        assert rows[0] == ("名称", "城市", "登记", "状态", "代码")
        assert len(rows) == 1 + 13
        assert rows[1] == ("机构000", "370100", datetime(2026, 11, 20, 10, 0), "待确认", "C0")

    @pytest.mark.parametrize("typed", ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1"])
    def test_what_looks_like_a_formula_stays_text(self, typed):
        make(0, name=typed)
        cell = self.sheet()["A2"]
        assert (cell.value, cell.data_type, cell.quotePrefix) == (typed, "s", True)

    def test_signs_that_no_sheet_takes_are_left_out(self):
        make(0, name="a\x0bb\x1f")
        assert self.sheet()["A2"].value == "ab"


class Trial(PageForm):
    sections = [Section("谁", ("name", "kind")), Section("多少", ("price",), "单位为元")]
    name = forms.CharField(label="名称", max_length=10, help_text="全称")
    kind = OneOfField(label="类型", choices=[("a", "甲"), ("b", "乙")])
    price = MoneyField(label="价格")
    day = DayField(label="日期", required=False)
    chips = ChipsField(label="领域", choices=[("x", "化工"), ("y", "医药")], required=False)
    text = LongField(label="说明", most=5, required=False)
    files = FilesField(
        label="附件", extensions=("pdf",), max_bytes=100, max_count=2, required=False
    )


def drawn(form):
    return Template("{% form_body form %}").render(Context({"form": form}))


class TestForms:
    GOOD = {"name": "海岱", "kind": "a", "price": "1"}

    def test_everything_that_is_missing_is_said_at_once_and_leads_to_its_field(self):
        with translation.override("en"):
            page = drawn(Trial({"text": "六个字的说明"}))
        assert "4 things have to be put right" in page
        for target in ("id_name", "id_kind_0", "id_price", "id_text"):
            assert f'href="#{target}"' in page
        assert 'aria-describedby="id_name_help id_name_wrong"' in page
        assert 'aria-invalid="true"' in page
        assert "六个字的说明" in page

    def test_sections_come_in_order_and_what_they_leave_out_comes_last(self):
        page = drawn(Trial())
        places = [page.index(word) for word in ("谁", "名称", "多少", "单位为元", "价格", "日期")]
        assert places == sorted(places)
        assert 'name="_once"' in page

    def test_it_draws_any_form(self):
        class Plain(forms.Form):
            login = forms.CharField(label="登录名")
            keep = forms.BooleanField(label="记住我", required=False)
            way = forms.CharField(widget=forms.HiddenInput, initial="x")

        page = drawn(Plain())
        assert "登录名" in page
        assert 'type="checkbox"' in page
        assert page.count('name="way"') == 1

    def test_what_a_service_refused_stands_at_its_field_or_on_top(self):
        form = Trial(self.GOOD)
        problems = [Problem("a", "名称已有人使用", "name"), Problem("b", "今天不受理")]
        apply_problems(form, Refused(problems))
        assert form.errors["name"] == ["名称已有人使用"]
        assert form.non_field_errors() == ["今天不受理"]

    @pytest.mark.parametrize(
        ("typed", "read"),
        [("12,800.5", "12800.5"), ("１２００", "1200"), ("1 000", "1000"), ("0", "0")],
    )
    def test_money_is_read_as_people_paste_it(self, typed, read):
        form = Trial(self.GOOD | {"price": typed})
        assert form.is_valid(), form.errors
        assert form.cleaned_data["price"] == Decimal(read)

    @pytest.mark.parametrize("typed", ["-1", "abc", "1.234", "9" * 20, "NaN", "1e999"])
    def test_an_impossible_amount_is_refused(self, typed):
        assert "price" in Trial(self.GOOD | {"price": typed}).errors

    @pytest.mark.parametrize("typed", ["2026-11-02", "2026/11/2", "2026.11.02", "2026年11月2日"])
    def test_days_are_read_as_people_write_them(self, typed):
        form = Trial(self.GOOD | {"day": typed})
        assert form.is_valid(), form.errors
        assert form.cleaned_data["day"].isoformat() == "2026-11-02"

    def test_a_null_byte_is_refused_in_words(self):
        assert "name" in Trial(self.GOOD | {"name": "a\x00b"}).errors

    def test_a_long_list_filters_while_typing_and_a_short_one_is_chips(self):
        long = OneOfField(choices=[(str(n), str(n)) for n in range(20)])
        assert "data-combo" in long.widget.attrs
        assert isinstance(OneOfField(choices=[("a", "甲")]).widget, forms.RadioSelect)

    @pytest.mark.parametrize(
        ("given", "wrong"),
        [
            ([("a.pdf", 10), ("b.PDF", 10)], False),
            ([("a.pdf", 10)] * 3, True),
            ([("a.pdf", 101)], True),
            ([("a.exe", 10)], True),
        ],
    )
    def test_files_are_held_to_their_limits(self, given, wrong):
        from django.utils.datastructures import MultiValueDict

        files = [SimpleUploadedFile(name, b"x" * size) for name, size in given]
        form = Trial(self.GOOD, MultiValueDict({"files": files}))
        assert ("files" in form.errors) is wrong
        if not wrong:
            assert [f.name for f in form.cleaned_data["files"]] == ["a.pdf", "b.PDF"]

    def test_limits_of_files_are_shown(self):
        with translation.override("en"):
            assert "PDF; at most 100 B each, at most 2 files" in drawn(Trial())


class TestValues:
    def test_money(self):
        assert values.money(Decimal("12800.50")) == "¥12,800.50"
        assert values.money(None) == values.NOTHING

    @pytest.mark.parametrize(
        ("apart", "said"),
        [
            ({"seconds": 5}, "just now"),
            ({"minutes": 1}, "1 minute ago"),
            ({"minutes": 90}, "1 hour ago"),
            ({"days": 3}, "3 days ago"),
            ({"days": 8}, ""),
            ({"hours": -5}, "in 5 hours"),
        ],
    )
    def test_how_long_ago(self, apart, said):
        from datetime import timedelta

        with translation.override("en"):
            assert values.relative(NOW - timedelta(**apart), NOW) == said

    def test_times_are_shown_in_the_zone_of_the_installation(self):
        assert "2026-11-20 10:00" in values.when(NOW)
        assert ">2026-11-20<" in values.day(datetime(2026, 11, 19, 18, tzinfo=UTC))

    def test_sizes(self):
        assert [values.size(n) for n in (5, 2048, 3_565_158)] == ["5 B", "2 KB", "3.4 MB"]

    def test_words_are_marked_longest_first_and_escaped(self):
        assert marks.marked("<搪玻璃反应釜>", "反应釜 反应") == "&lt;搪玻璃<mark>反应釜</mark>&gt;"
        assert marks.marked("一.二", ".") == "一<mark>.</mark>二"

    def test_a_long_text_is_cut_around_the_word(self):
        piece = marks.around("甲" * 300 + "乙" + "丙" * 300, "乙")
        assert "乙" in piece
        assert len(piece) <= marks.SHOWN + 2
