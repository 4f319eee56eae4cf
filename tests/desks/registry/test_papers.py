"""Files of certificates: checked by content, opened by those who may, gone with what they prove."""

from io import BytesIO
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse

from pilotline.desks.journal.queries import history
from pilotline.desks.people.models import Membership, User
from pilotline.desks.registry import queries, services
from pilotline.desks.registry.models import Certificate, Facility, Paper
from pilotline.kernel.actor import NOBODY, Actor
from pilotline.kernel.errors import NotAllowed, NotFound, Refused
from tests.factories_demand import PDF
from tests.factories_registry import (
    NOW,
    authority,
    facility,
    operator,
    organisation,
    publish_rulebook,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def held() -> Certificate:
    """A certificate of a published facility."""
    publish_rulebook()
    made = facility()
    return services.add_certificate(
        who=operator(made.operator), facility=made.code, values={"kind": "cnas"}, now=NOW
    )


def attach(held: Certificate, content: bytes = PDF, name: str = "证书.pdf", **given: Any) -> Paper:
    who: Actor = given.pop("who", operator(held.facility.operator))
    return services.attach_paper(
        who=who,
        facility=held.facility.code,
        certificate=held.pk,
        name=name,
        size=len(content),
        content=BytesIO(content),
        now=NOW,
        **given,
    )


def may_open(who: Actor, paper: Paper) -> bool:
    try:
        _row, content = queries.open_paper(who=who, id=paper.pk)
    except NotFound:
        return False
    with content:
        return content.read() == PDF


def test_only_what_is_shown_is_public_and_only_while_the_facility_is(held: Certificate) -> None:
    paper, who = attach(held), operator(held.facility.operator)
    stranger = operator(organisation("别家"))
    nearby, far = authority("370100"), authority("370200")

    def readers() -> list[bool]:
        return [may_open(reader, paper) for reader in (who, nearby, stranger, far, NOBODY)]

    assert readers() == [True, True, False, False, False]
    services.show_paper(
        who=who, facility=held.facility.code, paper=paper.pk, is_public=True, now=NOW
    )
    assert readers() == [True] * 5
    services.archive_facility(who=who, code=held.facility.code, now=NOW)
    assert readers() == [True, True, False, False, False]


def test_the_same_file_twice_is_one_and_strangers_attach_nothing(held: Certificate) -> None:
    assert attach(held).pk == attach(held).pk
    with pytest.raises(NotAllowed):
        attach(held, who=operator(organisation("别家")))
    actions = [entry.action for entry in history(kind="facility", id=held.facility_id)]
    assert actions.count("registry.attach-paper") == 1


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("证书.html", b"<html>", "file-kind"),
        ("证书.pdf", b"<html><script>1</script>", "file-content"),
        ("证书.pdf", b"", "file-empty"),
    ],
)
def test_a_file_is_taken_for_what_it_is(
    held: Certificate, name: str, content: bytes, code: str
) -> None:
    with pytest.raises(Refused) as refused:
        attach(held, content, name)
    assert [problem.code for problem in refused.value.problems] == [code]
    assert not Paper.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_removing_it_or_its_certificate_deletes_the_content(held: Certificate) -> None:
    first, second = attach(held), attach(held, PDF + b"\n", "附页.pdf")
    who, code = operator(held.facility.operator), held.facility.code
    assert set(queries.paper_names()) == {first.key, second.key}
    services.remove_paper(who=who, facility=code, paper=first.pk, now=NOW)
    assert not default_storage.exists(first.key)
    services.remove_certificate(who=who, facility=code, certificate=held.pk, now=NOW)
    assert not default_storage.exists(second.key)
    assert not Paper.objects.exists()


def test_the_pages_take_show_and_remove_it(held: Certificate) -> None:
    user = User.objects.create_user("keeper")
    Membership.objects.create(
        user=user, organisation=held.facility.operator, is_owner=True, since=NOW
    )
    keeper, anybody, code = Client(), Client(), held.facility.code
    keeper.force_login(user)
    put = reverse("operator:paper-attach", args=[code, held.pk])
    wrong = keeper.post(put, {"files": BytesIO(b"x")})
    assert (wrong.status_code, 'role="alert"' in wrong.text) == (422, True)
    sent = BytesIO(PDF)
    sent.name = "证书.pdf"
    assert keeper.post(put, {"files": sent}).status_code == 302
    paper = Paper.objects.get()
    where = reverse("shared:paper", args=[paper.pk])
    page = reverse("public:facility", args=[code])
    assert "证书.pdf" in keeper.get(reverse("operator:certificates", args=[code])).text
    assert (anybody.get(where).status_code, where in anybody.get(page).text) == (404, False)
    keeper.post(reverse("operator:paper-show", args=[code, paper.pk]), {"public": "yes"})
    answer = anybody.get(where)
    assert b"".join(answer.streaming_content) == PDF
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert where in anybody.get(page).text
    keeper.post(reverse("operator:paper-remove", args=[code, paper.pk]))
    assert not Paper.objects.exists()
    assert Facility.objects.get().code == code
