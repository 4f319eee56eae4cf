"""What is confidential reaches nobody who may not see it, by no way."""

import json

import pytest
from django.forms.models import model_to_dict

from pilotline.desks.demand import queries, services
from pilotline.desks.demand.models import Case
from pilotline.desks.journal.models import Entry, Happening
from pilotline.kernel.actor import NOBODY
from pilotline.kernel.errors import NotFound
from tests.factories import CITY, NOW, OTHER_CITY, actor
from tests.factories_demand import NEED, RELEASED, accepted, attached, draft

pytestmark = pytest.mark.usefixtures("rulebook")

SECRET = "催化剂配方甲乙丙"
PHONE = "0531-86000000"


def secret_case(who, **more):
    return accepted(
        who, secret=SECRET, problem=f"放大时{SECRET}失活", confidential=("problem",), **more
    )


def shown_to(who, case):
    sections = queries.shown_sections(who=who, case=case, language="zh")
    return "\n".join(row.text for section in sections for row in section.rows)


def test_applicant_and_authority_of_the_region_see_all():
    who = actor()
    case = secret_case(who)
    for one in (who, actor("authority"), actor("authority", region=CITY)):
        assert queries.case(who=one, id=case.pk) == case
        assert queries.visible_answers(who=one, case=case) == case.answers
        assert shown_to(one, case).count(SECRET) == 2


def test_others_find_nothing():
    case = secret_case(actor())
    others = (NOBODY, actor(), actor("operator"), actor("expert"), actor("sysop"), actor("known"))
    for one in (*others, actor("authority", region=OTHER_CITY)):
        with pytest.raises(NotFound):
            queries.case(who=one, id=case.pk)
        assert queries.visible_answers(who=one, case=case) == {"title": NEED["title"]}
        assert queries.attachments(who=one, case=case) == []
        assert queries.timeline(who=one, case=case, language="zh") == []


def test_an_operator_that_was_asked_sees_what_is_not_confidential():
    operator = actor("operator")
    case = secret_case(actor())
    services.open_to(case=case.pk, organisation=min(operator.organisations), now=NOW)
    seen = queries.visible_answers(who=operator, case=queries.case(who=operator, id=case.pk))
    assert set(case.answers) - set(seen) == {"secret", "problem", "contact_name", "contact_phone"}
    assert SECRET not in shown_to(operator, case)
    services.open_to(
        case=case.pk, organisation=min(operator.organisations), confidential=True, now=NOW
    )
    assert queries.visible_answers(who=operator, case=case) == case.answers
    services.close_to(case=case.pk, organisation=min(operator.organisations), now=NOW)
    with pytest.raises(NotFound):
        queries.case(who=operator, id=case.pk)


def test_the_public_sees_the_title_and_what_was_released():
    case = secret_case(actor())
    view = queries.public_case(number=case.number, language="zh")
    assert (view.title, [row.field for row in view.rows]) == (NEED["title"], ["title"])
    assert list(queries.public_cases(kind="need")) == []
    released = secret_case(actor(), **RELEASED)
    view = queries.public_case(number=released.number, language="zh")
    assert [row.field for row in view.rows] == [
        "title",
        "field",
        "verification",
        "service",
        "scale",
        "begin",
        "end",
        "cooperation",
        "summary",
    ]
    assert list(queries.public_cases(kind="need")) == [released]
    assert list(queries.public_cases(kind="need", text="500升级")) == [released]
    for word in (SECRET, PHONE, "王工", "反应釜", "800000"):
        assert list(queries.public_cases(kind="need", text=word)) == []


def test_an_operator_cannot_search_the_text():
    operator = actor("operator")
    case = secret_case(actor())
    services.open_to(case=case.pk, organisation=min(operator.organisations), now=NOW)
    assert list(queries.cases(who=operator, door="operator", text="反应釜")) == []
    assert list(queries.cases(who=operator, door="operator", text="高镍")) == [case]


def test_journal_and_news_carry_nothing_confidential():
    who = actor()
    case = secret_case(who)
    services.amend(
        who=who,
        case=case.pk,
        version=case.version,
        answers={"secret": SECRET + "丁", "contact_phone": "0531-86222222"},
        now=NOW,
    )
    entries = json.dumps(list(Entry.objects.values_list("body", flat=True)), ensure_ascii=False)
    news = json.dumps(list(Happening.objects.values_list("payload", flat=True)))
    for word in (SECRET, PHONE, "0531-86222222"):
        assert word not in entries + news


def test_what_strangers_may_search_holds_nothing_confidential():
    case = secret_case(actor(), **RELEASED)
    row = model_to_dict(Case.objects.get(pk=case.pk))
    assert SECRET not in row["public_text"] + row["title"] + row["text"]
    assert row["released"] == [
        "title",
        "field",
        "chain",
        "verification",
        "service",
        "scale",
        "city",
        "begin",
        "end",
        "cooperation",
        "summary",
    ]


def test_files_follow_the_same_rule():
    who, operator = actor(), actor("operator")
    case = accepted(who)
    plain, hidden = attached(who, case), attached(who, case, "配方.pdf", confidential=True)
    services.open_to(case=case.pk, organisation=min(operator.organisations), now=NOW)
    assert queries.attachments(who=who, case=case) == [plain, hidden]
    assert queries.attachments(who=operator, case=case) == [plain]
    assert queries.attachment(who=operator, id=plain.pk) == plain
    for one, row in ((operator, hidden), (actor(), plain), (NOBODY, plain)):
        with pytest.raises(NotFound):
            queries.attachment(who=one, id=row.pk)


def test_drafts_are_nobody_elses_business():
    case = draft(title="还没想好")
    services.open_to(case=case.pk, organisation=min(actor("operator").organisations), now=NOW)
    for one in (actor("authority"), actor("operator")):
        with pytest.raises(NotFound):
            queries.case(who=one, id=case.pk)


def test_history_for_the_applicant_and_for_an_asked_operator():
    who, operator = actor(), actor("operator")
    case = accepted(who)
    services.open_to(case=case.pk, organisation=min(operator.organisations), now=NOW)
    services.amend(
        who=who, case=case.pk, version=case.version, answers={"title": "改过的名称"}, now=NOW
    )
    told = queries.timeline(who=who, case=case, language="zh")
    assert [(t.action, t.changed) for t in told if not t.is_minor] == [
        ("demand.start", ()),
        ("demand.submit", ()),
        ("demand.open", ()),
        ("demand.amend", ("需求名称",)),
    ]
    discreet = queries.timeline(who=operator, case=case, language="zh")
    assert [(t.action, t.changed) for t in discreet] == [
        ("demand.submit", ()),
        ("demand.amend", ()),
    ]


def test_the_receipt_is_checked_by_number_and_digest():
    who = actor()
    case = accepted(who)
    receipt = queries.receipt(who=who, case=case.pk)
    check = queries.checked_receipt
    assert check(number=case.number, digest=receipt.digest[:12]) == receipt
    assert check(number=case.number, digest=receipt.digest[:11]) is None
    assert check(number=case.number, digest="0" * 12) is None
    assert check(number="XQ-2026-999999", digest=receipt.digest) is None
    with pytest.raises(NotFound):
        queries.receipt(who=actor(), case=case.pk)
