"""Pages of organisations, members, tokens, users, the book and the outbox."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from pilotline.desks.journal import services as journal
from pilotline.desks.journal.models import Delivery, Entry, Happening
from pilotline.desks.people import queries, services
from pilotline.desks.people.models import Membership, Organisation
from pilotline.kernel.actor import SYSTEM
from tests import factories
from tests.factories import CITY, NOW

pytestmark = pytest.mark.django_db


def browser(user, language: str = "zh-hans") -> Client:
    client = Client()
    client.force_login(user)
    client.cookies["django_language"] = language
    return client


def filled(**given) -> dict[str, str]:
    values = {"name": "济南泉城精化有限公司", "credit_code": factories.credit_code(), "kind": "sme"}
    return values | {"region": CITY, "address": "历下区", "contact": "周工"} | given


def test_an_organisation_is_registered_confirmed_and_told(rulebook):
    person, official = factories.person("known"), factories.person("authority", region=CITY)
    applicant, authority = browser(person), browser(official)
    code = factories.credit_code()
    spaced = f" {code[:8].lower()} {code[8:]}-"
    made = applicant.post("/my/organisations/new/", filled(credit_code=spaced, operates="on"))
    organisation = Organisation.objects.get()
    assert made.url == reverse("applicant:organisation", args=[organisation.pk])
    assert (organisation.credit_code, organisation.operates) == (code, True)
    assert "等待确认" in applicant.get(made.url).text
    assert "济南泉城精化有限公司" in authority.get("/authority/organisations/").text
    done = authority.post(f"/authority/organisations/{organisation.pk}/confirm/", follow=True)
    assert "已确认" in done.text
    assert "已确认" in applicant.get(made.url).text
    assert queries.actor_for(person).roles == {"applicant", "operator"}


def test_a_wrong_form_keeps_what_was_typed_and_says_all(rulebook):
    client = browser(factories.person("known"), "en")
    given = filled(credit_code="123", kind="", region="", name="Typed Name")
    response = client.post("/my/organisations/new/", given)
    assert response.status_code == 422
    assert set(response.context["form"].errors) == {"kind", "region"}
    response = client.post("/my/organisations/new/", given | {"kind": "sme", "region": CITY})
    assert set(response.context["form"].errors) == {"credit_code"}
    assert "Typed Name" in response.text
    assert "GB 32100" in response.text


def test_a_refusal_says_why_and_can_be_mended(rulebook):
    owner = factories.user()
    made = factories.organisation(owner=owner, confirmed=False)
    authority = browser(factories.person("authority"))
    where = f"/authority/organisations/{made.pk}/refuse/"
    assert authority.post(where, {"reason": ""}).status_code == 422
    assert authority.post(where, {"reason": "名称与执照不符"}).status_code == 302
    client = browser(owner)
    assert "名称与执照不符" in client.get(f"/my/organisations/{made.pk}/").text
    amend = f"/my/organisations/{made.pk}/amend/"
    page = client.get(amend)
    assert page.context["form"].initial["name"] == made.name
    typed = filled(name="济南泉城新材料有限公司", credit_code="ignored")
    assert client.post(amend, typed).status_code == 302
    again = Organisation.objects.get()
    assert (again.status, again.name) == ("pending", "济南泉城新材料有限公司")
    assert again.credit_code == made.credit_code


def test_what_was_confirmed_is_closed_in_the_form(rulebook):
    owner = factories.user()
    made = factories.organisation(owner=owner)
    client = browser(owner)
    amend = f"/my/organisations/{made.pk}/amend/"
    assert client.post(amend, filled(name="别的", phone="0531-8888")).status_code == 302
    again = Organisation.objects.get()
    assert (again.name, again.phone) == (made.name, "0531-8888")


def test_the_second_official_learns_of_the_first(rulebook):
    made = factories.organisation(confirmed=False)
    first, second = (browser(factories.person("authority"), "en") for _ in range(2))
    first.post(f"/authority/organisations/{made.pk}/confirm/")
    late = second.post(
        f"/authority/organisations/{made.pk}/refuse/", {"reason": "Too late"}, follow=True
    )
    assert "Somebody else decided" in late.text
    assert Organisation.objects.get().status == "confirmed"


def test_an_invitation_is_a_link_that_works_once(rulebook):
    owner, colleague, third = factories.user(), factories.user(), factories.user()
    made = factories.organisation(owner=owner)
    page = browser(owner).post(f"/my/organisations/{made.pk}/invite/")
    link = re.search(r"http://testserver(/my/join/[^\s<]+/)", page.text)[1]
    joined = browser(colleague)
    assert made.name in joined.get(link).text
    assert Membership.objects.count() == 1
    assert joined.post(link).url == reverse("applicant:organisation", args=[made.pk])
    assert browser(third).get(link).status_code == 404
    stranger = Client().get(link)
    assert stranger.url.startswith("/accounts/login/")


def test_members_are_managed_on_the_page(rulebook):
    owner, colleague = factories.user(), factories.user()
    made = factories.organisation(owner=owner)
    code = services.invite_member(
        who=queries.actor_for(owner), organisation=made.pk, now=timezone.now()
    )[1]
    services.accept_invitation(who=queries.actor_for(colleague), code=code, now=timezone.now())
    client, base = browser(owner), f"/my/organisations/{made.pk}/members"
    refused = client.post(f"{base}/{owner.pk}/remove/", follow=True)
    assert "至少需要一名负责人" in refused.text
    client.post(f"{base}/{colleague.pk}/own/", {"is_owner": "on"})
    assert Membership.objects.filter(is_owner=True).count() == 2
    left = client.post(f"{base}/{owner.pk}/remove/")
    assert left.url == reverse("applicant:organisations")
    assert client.get(f"/my/organisations/{made.pk}/").status_code == 404


def test_a_token_is_shown_once(rulebook):
    user = factories.person("applicant")
    client = browser(user, "en")
    wrong = client.post("/my/tokens/new/", {"name": "", "days": "90"})
    assert set(wrong.context["form"].errors) == {"name", "scopes"}
    given = {"name": "ERP", "scopes": ["read"], "days": "30"}
    page = client.post("/my/tokens/new/", given)
    plain = re.search(r"plt_[\w-]{43}", page.text)[0]
    found = queries.actor_for_token(plain, timezone.now())
    assert (found.id, found.scopes) == (user.pk, {"read"})
    listed = client.get("/my/tokens/").text
    assert plain not in listed
    assert plain[:12] in listed
    [token] = queries.tokens(queries.actor_for(user))
    client.post(f"/my/tokens/{token.pk}/revoke/")
    assert queries.actor_for_token(plain, timezone.now()) is None


def test_ones_own_data(rulebook):
    user = factories.user(name="旧名")
    client = browser(user)
    response = client.post("/my/profile/", {"name": "New Name", "language": "en"})
    assert response.cookies["django_language"].value == "en"
    user.refresh_from_db()
    assert (user.name, user.language) == ("New Name", "en")
    assert client.post("/my/profile/", {"name": "", "language": "en"}).status_code == 422


def test_roles_are_given_and_taken_on_the_page(rulebook):
    user = factories.user()
    client, base = browser(factories.person("sysop")), f"/authority/users/{user.pk}"
    assert client.post(f"{base}/grant/", {"role": "authority"}).status_code == 422
    client.post(f"{base}/grant/", {"role": "authority", "region": CITY})
    assert queries.actor_for(user).regions == {CITY}
    assert "主管部门" in client.get(f"{base}/").text
    client.post(f"{base}/revoke/", {"role": "authority", "region": CITY})
    assert queries.actor_for(user).regions == frozenset()
    client.post(f"{base}/close/")
    user.refresh_from_db()
    assert not user.is_active
    client.post(f"{base}/open/")
    user.refresh_from_db()
    assert user.is_active


def test_the_last_operator_of_the_system_is_kept_on_the_page(rulebook):
    sysop = factories.person("sysop")
    response = browser(sysop, "en").post(f"/authority/users/{sysop.pk}/close/", follow=True)
    assert "cannot be shut out" in response.text
    sysop.refresh_from_db()
    assert sysop.is_active


def test_the_book_is_searched_filtered_and_read(rulebook):
    factories.organisation(name="鲁南药物研究院")
    client = browser(factories.person("authority"))
    page = client.get("/authority/journal/", {"q": "鲁南"})
    assert page.context["list"].total == 1
    assert "登记机构" in page.text
    assert "机构 鲁南药物研究院" in page.text
    only = client.get("/authority/journal/", {"action": "people.grant_role"})
    assert only.context["list"].total == 1
    tomorrow = (NOW + timedelta(days=1)).date().isoformat()
    assert client.get("/authority/journal/", {"at_from": tomorrow}).context["list"].total == 0
    entry = Entry.objects.get(action="people.register_organisation")
    shown = client.get(f"/authority/journal/{entry.pk}/").text
    assert "鲁南药物研究院" in shown
    assert client.get("/authority/journal/999999/").status_code == 404


def test_the_book_says_whether_its_chain_is_whole(rulebook):
    client = browser(factories.person("authority"), "en")
    assert "not checked yet" in client.get("/authority/journal/").text
    assert client.post("/authority/journal/check/").url == "/authority/journal/"
    journal.check_chain(now=timezone.now())
    check = journal.ChainCheck.objects.get()
    check.faults = ["Entry 7: its columns do not say what its body says."]
    check.save()
    assert "tampered with" in client.get("/authority/journal/").text
    assert "Entry 7" in client.get("/authority/journal/").text


def test_a_city_does_not_read_the_whole_book(rulebook):
    client = browser(factories.person("authority", region=CITY))
    assert client.get("/authority/journal/").status_code == 403
    assert client.get("/authority/outbox/").status_code == 403


def stuck(count: int) -> None:
    for number in range(count):
        news = Happening.objects.create(name="KettleBoiled", payload={"litres": number}, at=NOW)
        Delivery.objects.create(
            happening=news, handler=f"kitchen.pour{number}", status="stuck", attempts=8, due=NOW
        )


def test_what_is_stuck_is_shown_and_put_back(rulebook):
    stuck(2)
    client = browser(factories.person("sysop"), "en")
    page = client.get("/authority/outbox/").text
    assert "KettleBoiled" in page
    assert "Try all 2 stuck ones again" in page
    first = Delivery.objects.first()
    assert "litres" in client.get(f"/authority/outbox/{first.pk}/").text
    client.post(f"/authority/outbox/{first.pk}/retry/")
    first.refresh_from_db()
    assert first.status == "waiting"
    client.post("/authority/outbox/retry/")
    assert not Delivery.objects.filter(status="stuck").exists()


def organisations(count: int) -> None:
    for _ in range(count):
        factories.organisation(confirmed=False)


def users(count: int) -> None:
    for _ in range(count):
        factories.person("expert")


def entries(count: int) -> None:
    for _ in range(count):
        factories.organisation()


def own(user):
    def more(count: int) -> None:
        for _ in range(count):
            factories.organisation(owner=user)

    return more


def tokens(user):
    def more(count: int) -> None:
        for _ in range(count):
            services.make_token(
                who=queries.actor_for(user),
                name="ERP",
                scopes=["read"],
                expires=timezone.now() + timedelta(days=9),
                now=timezone.now(),
            )

    return more


@pytest.mark.parametrize(("role", "scopes"), [("applicant", 4), ("operator", 6), ("sysop", 2)])
def test_a_token_is_offered_only_what_its_persons_roles_open(rulebook, role, scopes):
    user = factories.person(role)
    client = browser(user)
    text = client.get("/my/tokens/new/").content.decode()
    assert text.count('name="scopes"') == scopes
    given = {"name": "ERP", "days": "30", "scopes": ["read", "authority:write"]}
    assert client.post("/my/tokens/new/", given).status_code == 422
    assert not queries.tokens(queries.actor_for(user)).exists()


LISTS = {
    "organisations of a region": ("authority", "/authority/organisations/", organisations),
    "users": ("sysop", "/authority/users/", users),
    "the book": ("authority", "/authority/journal/", entries),
    "the outbox": ("sysop", "/authority/outbox/", stuck),
    "own organisations": ("applicant", "/my/organisations/", own),
    "own tokens": ("applicant", "/my/tokens/", tokens),
}


@pytest.mark.parametrize("name", LISTS)
def test_a_list_asks_the_database_as_often_for_three_rows_as_for_one(
    rulebook, name, django_assert_num_queries, django_assert_max_num_queries
):
    role, path, more = LISTS[name]
    user = factories.person(role)
    more = more(user) if more in (own, tokens) else more
    client = browser(user)
    more(1)
    client.get(path)
    with django_assert_max_num_queries(30) as first:
        client.get(path)
    more(2)
    with django_assert_num_queries(len(first)):
        client.get(path)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_strangers_find_nothing(rulebook, language):
    made = factories.organisation()
    client = browser(factories.person("applicant"), language)
    for path in ("", "amend/"):
        assert client.get(f"/my/organisations/{made.pk}/{path}").status_code == 404
    for path in ("invite/", "members/1/remove/", "members/1/own/", "invitations/1/withdraw/"):
        assert client.post(f"/my/organisations/{made.pk}/{path}").status_code == 404


def test_texts_with_script_in_them_stay_texts(rulebook):
    owner = factories.user(name="<script>alert(1)</script>")
    made = factories.organisation(owner=owner, name='"><img src=x onerror=alert(1)>')
    page = browser(owner).get(f"/my/organisations/{made.pk}/").text
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    book = browser(factories.person("authority")).get("/authority/journal/").text
    assert "<script>alert" not in book


def test_a_nul_byte_is_left_out_and_the_rest_is_kept(rulebook):
    client = browser(factories.person("known"))
    response = client.post("/my/organisations/new/", filled(name="泉\x00城"))
    assert response.status_code == 302
    assert Organisation.objects.get().name == "泉城"
    assert client.get("/my/organisations/", {"q": "\x00"}).status_code == 200
    assert (
        browser(factories.person("authority")).get("/authority/journal/?q=%00").status_code == 200
    )


def test_pages_of_people_never_break_before_a_rulebook(db):
    sysop = factories.user()
    services.grant_role(who=SYSTEM, user=sysop.pk, role="sysop", now=NOW)
    client = browser(sysop)
    assert client.get("/my/organisations/").status_code == 200
    assert client.get("/authority/users/").status_code == 200
    assert client.get("/my/organisations/new/").status_code == 404


def test_taking_a_confirmation_back_shows_what_hangs_on_it(rulebook):
    owner = factories.user()
    made = factories.organisation(owner=owner)
    authority = browser(factories.person("authority"), "en")
    page = authority.get(f"/authority/organisations/{made.pk}/").text
    assert "Facilities, out of the catalogue" in page
    where = f"/authority/organisations/{made.pk}/revoke/"
    assert authority.post(where, {"reason": ""}).status_code == 422
    assert authority.post(where, {"reason": "Licence ended"}).status_code == 302
    assert Organisation.objects.get().status == "revoked"
    shown = browser(owner, "en").get(f"/my/organisations/{made.pk}/").text
    assert "Licence ended" in shown
    again = authority.post(where, {"reason": "Once more"}, follow=True)
    assert again.status_code == 200
