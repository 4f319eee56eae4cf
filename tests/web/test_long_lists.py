"""Lists that may become very long, and cells that show nothing."""

import io
from types import SimpleNamespace

import pytest
from django.template import Context, Template
from openpyxl import load_workbook

from pilotline.web.shared.lists import Column
from tests.web.test_lists import bound, make

pytestmark = pytest.mark.django_db


def test_a_list_that_may_become_long_counts_no_further_than_it_says():
    for number in range(25):
        make(number)
    found = bound("?page=9&region=370100", most_counted=12)
    assert (found.total, found.is_more, found.number_of_pages) == (12, True, 2)
    assert [choice.count for choice in found.filters[0].choices] == [None] * 3
    html = Template('{% include "shared/list_results.html" %}').render(Context({"list": found}))
    assert "12" in html
    assert len(list(load_workbook(io.BytesIO(found.page.export(found).content)).active)) == 14
    whole = bound("?region=370100", most_counted=25)
    assert (whole.total, whole.is_more) == (13, False)
    assert [choice.count for choice in whole.filters[0].choices] == [13, 12, 0]


def test_a_cell_whose_template_shows_nothing_is_blank():
    column = Column(name="pick", title="", value=lambda row: row, template="shared/inbox_pick.html")
    assert column.cell(SimpleNamespace(state="waiting"))["is_blank"]
