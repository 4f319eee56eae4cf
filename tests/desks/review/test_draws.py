"""A draw is published before, revealed after, and checked by anybody with ten lines."""

import json
import re
from pathlib import Path

import pytest

from pilotline.desks.review import queries, services
from pilotline.desks.review.models import Assignment, Draw
from pilotline.kernel.actor import SYSTEM
from pilotline.kernel.errors import Conflict, NotFound, Refused
from tests import factories, factories_experts
from tests.factories import NOW
from tests.factories_experts import actor_of, asked, item, panel

pytestmark = pytest.mark.usefixtures("rulebook")
PAGE = Path(__file__).parents[3] / "docs" / "explain" / "review.md"


def pool(count):
    return [factories_experts.expert() for _n in range(count)]


def drawn(beacon="", figure="", things=2, experts=6):
    pool(experts)
    made = panel(*(item(n) for n in range(things)))
    services.commit_draw(who=SYSTEM, panel=made.pk, beacon=beacon, now=NOW)
    services.reveal_draw(who=SYSTEM, panel=made.pk, figure=figure, now=NOW)
    return made, Draw.objects.get()


def test_nothing_is_told_before_it_is_revealed():
    applicant = factories.organisation()
    pool(4)
    barred = factories_experts.expert(employer=applicant.name)
    made = panel(item(organisation=applicant.pk))
    services.commit_draw(who=SYSTEM, panel=made.pk, now=NOW)
    with pytest.raises(Conflict):
        services.commit_draw(who=SYSTEM, panel=made.pk, now=NOW)
    draw = Draw.objects.get()
    told = queries.public_draw(id=draw.pk)
    assert (told["seed"], told["result"]) == ("", {})
    assert draw.seed not in str(told)
    assert barred.name not in str(told)
    (code,) = [code for code, pk in draw.codes.items() if pk == barred.pk]
    assert told["ballot"]["barred"] == [[code, "001"]]
    services.reveal_draw(who=SYSTEM, panel=made.pk, now=NOW)
    told = queries.public_draw(id=draw.pk)
    assert services.check_draw(told=told) == []
    assert code not in told["result"]["001"]
    with pytest.raises(Conflict):
        services.reveal_draw(who=SYSTEM, panel=made.pk, now=NOW)


def test_who_is_drawn_is_asked_and_replaced_by_the_next_of_the_draw():
    made, draw = drawn(things=1)
    assert services.confirm(who=SYSTEM, panel=made.pk, now=NOW) == 3
    assert set(Assignment.objects.values_list("via", flat=True)) == {"draw"}
    first = Assignment.objects.order_by("pk")[0]
    services.answer(
        who=actor_of(first.expert), assignment=first.pk, answer="declined", reason="x", now=NOW
    )
    (new,) = Assignment.objects.filter(instead_of=first)
    from pilotline.desks.review.problem import order_of

    order = order_of(ballot=draw.ballot, seed=draw.seed, figure="", item="001")
    place = {pk: order.index(code) for code, pk in draw.codes.items()}
    assert new.via == "draw"
    assert place[new.expert_id] == 3


def test_tampering_with_the_rows_shows():
    _made, draw = drawn()
    told = queries.public_draw(id=draw.pk)
    for key, value, kind in (
        ("seed", "0" * 64, "seed"),
        ("digest", "0" * 64, "ballot"),
        ("ballot", told["ballot"] | {"barred": [["E001", "001"]]}, "ballot"),
        ("ballot", {"x": 1}, "unreadable"),
        ("figure", "7", "figure"),
        ("result", told["result"] | {"001": ["E001"]}, "result"),
    ):
        assert kind in [f["kind"] for f in services.check_draw(told=told | {key: value})]


def test_a_figure_nobody_knew():
    pool(4)
    made = panel()
    services.commit_draw(who=SYSTEM, panel=made.pk, beacon="12月1日福彩3D开奖号码", now=NOW)
    with pytest.raises(Refused):
        services.reveal_draw(who=SYSTEM, panel=made.pk, now=NOW)
    services.reveal_draw(who=SYSTEM, panel=made.pk, figure="3 0 8", now=NOW)
    assert services.check_draw(told=queries.public_draw(id=Draw.objects.get().pk)) == []


def test_a_draw_given_up_stays_published():
    made, draw = drawn()
    with pytest.raises(Refused):
        services.void_draw(who=SYSTEM, panel=made.pk, reason="", now=NOW)
    services.void_draw(who=SYSTEM, panel=made.pk, reason="名单有误", now=NOW)
    assert queries.public_draw(id=draw.pk)["void_at"] == NOW
    assert Assignment.objects.count() == 0
    services.commit_draw(who=SYSTEM, panel=made.pk, now=NOW)
    services.reveal_draw(who=SYSTEM, panel=made.pk, now=NOW)
    services.confirm(who=SYSTEM, panel=made.pk, now=NOW)
    with pytest.raises(Conflict):
        services.void_draw(who=SYSTEM, panel=made.pk, reason="x", now=NOW)


def test_only_what_is_still_wanted_is_drawn():
    pool(3)
    made = panel()
    asked(made)
    with pytest.raises(Refused):
        services.commit_draw(who=SYSTEM, panel=made.pk, now=NOW)
    with pytest.raises(NotFound):
        queries.public_draw(id=99)


@pytest.mark.parametrize(("beacon", "figure"), [("", ""), ("号码", "3 0 8")])
def test_the_ten_lines_of_the_documents_do_it_too(tmp_path, monkeypatch, capsys, beacon, figure):
    (code,) = re.findall(r"```python\n(import hashlib.*?)```", PAGE.read_text(), re.S)
    assert len(code.strip().splitlines()) <= 20
    _made, draw = drawn(beacon, figure)
    text = queries.draw_file(queries.public_draw(id=draw.pk))
    monkeypatch.chdir(tmp_path)
    Path("draw.json").write_text(text)
    exec(code, {})  # noqa: S102
    assert "True" in capsys.readouterr().out
    told = json.loads(text)
    told["result"]["001"] = told["result"]["001"][::-1]
    Path("draw.json").write_text(json.dumps(told))
    exec(code, {})  # noqa: S102
    assert "False" in capsys.readouterr().out
