"""The shell: languages, navigation, error pages, forms that count once, the first page, search."""

import threading
from http import HTTPStatus
from io import BytesIO

import pytest
from django.conf import settings
from django.db import connection, connections
from django.http import HttpResponse, HttpResponseRedirect
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from pilotline.desks.people.queries import actor_for
from pilotline.kernel.actor import NOBODY
from pilotline.kernel.errors import Conflict, NotAllowed, NotFound, Problem, Refused
from pilotline.web.shared import begun, errors, navigation, pagegroups
from pilotline.web.shared.access import ACCESS
from pilotline.web.shared.middleware import ErrorMiddleware
from pilotline.web.shared.models import Submission
from pilotline.web.shared.once import OnceMiddleware
from pilotline.web.shared.upload import SizeMiddleware
from tests.factories import CITY, PASSWORD, PROVINCE, person, user
from tests.factories_registry import facility

pytestmark = pytest.mark.django_db
COOKIE = settings.LANGUAGE_COOKIE_NAME


def text_of(response, status=200):
    assert response.status_code == status, response.content.decode()[:1000]
    return response.content.decode()


class TestLanguage:
    def test_pages_are_chinese_whatever_the_browser_prefers(self, client):
        page = text_of(client.get("/", headers={"accept-language": "en"}))
        assert '<html lang="zh-CN">' in page
        assert "领航中试" in page

    def test_what_was_chosen_holds_and_leads_back(self, client):
        response = client.post("/shared/language/", {"language": "en", "next": "/about/?x=1"})
        assert (response.status_code, response["Location"]) == (302, "/about/?x=1")
        assert '<html lang="en">' in text_of(client.get("/"))

    def test_an_account_brings_its_language_to_a_new_browser(self, client):
        client.force_login(user(language="en"))
        assert '<html lang="en">' in text_of(client.get("/about/"))

    def test_the_browsers_choice_comes_before_the_accounts(self, client):
        client.force_login(user(language="en"))
        client.cookies[COOKIE] = "zh-hans"
        assert '<html lang="zh-CN">' in text_of(client.get("/about/"))

    @pytest.mark.parametrize("language", ["fr", "", "zh-hans\x00x"])
    def test_an_unknown_language_changes_nothing(self, client, language):
        client.post("/shared/language/", {"language": language})
        assert COOKIE not in client.cookies

    @pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example", "java:x"])
    def test_it_never_leads_away(self, client, elsewhere):
        response = client.post("/shared/language/", {"language": "en", "next": elsewhere})
        assert response["Location"] == "/"


class TestFrame:
    def test_every_link_of_the_navigation_leads_somewhere_that_is_guarded(self):
        for view in navigation.views():
            reverse(view)
            assert view in ACCESS or not view.count(":"), view

    def test_nobody_is_offered_what_is_open_to_all(self, client):
        page = text_of(client.get("/"))
        assert reverse("public:search") in page
        assert reverse("account_login") in page
        assert 'href="/authority/' not in page

    def test_a_person_is_offered_the_doors_they_may_enter(self, client, rulebook):
        client.force_login(person())
        page = text_of(client.get("/"))
        assert f'href="{reverse("applicant:cases")}"' in page
        assert 'href="/authority/' not in page

    def test_no_link_leads_to_a_refusal(self, client, rulebook):
        for role in ("applicant", "operator", "authority", "sysop"):
            for region in (PROVINCE, CITY) if role == "authority" else (PROVINCE,):
                somebody = person(role, region=region)
                client.force_login(somebody)
                who = actor_for(somebody)
                for door in navigation.DOORS:
                    for link in navigation.links(door.pages, who):
                        assert client.get(link.url).status_code == 200, (role, region, link.url)

    def test_the_page_under_which_one_is_is_marked(self):
        here = {
            link.url: link.current
            for link in navigation.pages(NOBODY, "public:need", "/needs/XQ-1/")
        }
        assert here["/needs/"] == "true"
        assert sum(map(bool, here.values())) == 1

    @pytest.mark.parametrize("role", ["applicant", "operator", "authority", "sysop"])
    def test_what_all_doors_share_is_shown_at_ones_own(self, role, rulebook):
        who = actor_for(person(role))
        home = "authority" if role == "sysop" else role
        own = next(door for door in navigation.DOORS if door.name == home)
        expected = [link.url for link in navigation.links(own.pages, who)]
        for here, path in (
            ("shared:inbox", reverse("shared:inbox")),
            ("shared:notice", "/shared/notices/7/"),
            ("mfa_index", reverse("mfa_index")),
            ("applicant:tokens", reverse("applicant:tokens")),
            ("", "/nowhere/"),
            ("expert:assignments", "/expert/assignments/"),  # behind a door that is closed
        ):
            assert [link.url for link in navigation.pages(who, here, path)] == expected
            marked = [d.title for d in navigation.doors(who, here, path) if d.current]
            assert marked == [own.title]
        hall = navigation.pages(who, "api:documentation", "/api/v1/")
        assert hall[0].url == reverse("public:home")
        assert navigation.pages(NOBODY, "account_login", "/accounts/login/")[0].url == hall[0].url

    def test_the_first_page_leads_everybody_to_their_own_work(self, client, rulebook):
        assert "own-work" not in text_of(client.get("/"))
        client.force_login(person("operator"))
        work = text_of(client.get("/")).partition("own-work")[2].partition("</nav>")[0]
        for view in ("shared:inbox", "operator:facilities", "operator:talks"):
            assert f'href="{reverse(view)}"' in work

    def test_many_pages_stand_in_groups_and_few_do_not(self, rulebook):
        for role, folded in (("authority", True), ("sysop", False)):
            who = actor_for(person(role))
            flat = navigation.pages(who, "authority:journal", "/authority/journal/")
            groups = pagegroups.grouped(flat)
            assert any(g.title for g in groups) == folded
            assert sorted(link.url for g in groups for link in g.links) == sorted(
                link.url for link in flat
            )
            current = [g for g in groups if g.is_current]
            assert len(current) == (1 if folded else 0)

    def test_groups_name_pages_of_the_navigation_once(self):
        named = [view for _title, views in pagegroups.GROUPS for view in views]
        assert len(named) == len(set(named))
        assert set(named) <= set(navigation.views())

    def test_demonstration_data_is_said_on_every_page(self, client):
        mark = 'class="demonstration"'
        assert mark not in text_of(client.get("/about/"))
        user(is_demo=True)
        assert mark in text_of(client.get("/about/"))

    def test_the_frame_asks_little(self, client, rulebook):
        client.get("/about/")
        with CaptureQueriesContext(connection) as asked:
            text_of(client.get("/about/"))
        assert len(asked) <= 4, [q["sql"][:90] for q in asked]


class TestErrors:
    def test_a_page_that_is_not_there(self, client):
        page = text_of(client.get("/nowhere/"), 404)
        assert "这里没有内容" in page
        assert "您可以这样做" in page

    def test_nobody_is_led_to_the_log_in_and_back(self, client):
        response = client.get(reverse("applicant:cases"))
        assert response.status_code == 302
        assert response["Location"] == f"{reverse('account_login')}?next=/my/cases/"

    def test_a_form_that_is_too_old(self):
        client = Client(enforce_csrf_checks=True)
        page = text_of(client.post("/shared/language/", {"language": "en"}), 403)
        assert "表单已过期" in page

    @pytest.mark.parametrize(
        ("error", "status"),
        [
            (NotFound(), 404),
            (NotAllowed(), 403),
            (Conflict("Somebody saved first."), 409),
            (Refused([Problem("a", "First reason."), Problem("b", "Second reason.")]), 422),
        ],
    )
    def test_errors_with_names_become_pages(self, rf, error, status):
        request = _plainly(rf.get("/"))
        response = ErrorMiddleware(lambda _r: None).process_exception(request, error)
        page = text_of(response, status)
        spoken = [] if isinstance(error, Refused) else [errors.spoken(error)]
        said = spoken or [p.text for p in error.problems]
        assert all(str(text) in page for text in said)

    def test_our_own_fault_asks_no_database(self, rf):
        with CaptureQueriesContext(connection) as asked:
            page = text_of(errors.server_error(rf.get("/")), 500)
        assert len(asked) == 0
        assert "系统出错了" in page

    def test_too_many_tries(self, rf):
        assert "尝试次数过多" in text_of(errors.too_many(_plainly(rf.get("/"))), 429)

    @pytest.mark.parametrize("value", ["a\x00b", "%00", "<script>alert(1)</script>"])
    def test_strange_searches_break_nothing(self, client, rulebook, value):
        page = text_of(client.get("/search/", {"q": value, "region": value, "page": value}))
        assert "<script>alert" not in page


class TestSize:
    def test_what_announces_too_much_is_refused_before_it_is_read(self, rf):
        request = rf.post("/", b"x", content_type="application/octet-stream")
        request.META |= {"CONTENT_LENGTH": str(100 * 1024 * 1024), "wsgi.input": BytesIO(b"x" * 99)}
        response = SizeMiddleware(lambda _r: pytest.fail("went through"))(request)
        assert "提交的内容过大" in text_of(response, 413)
        assert request.META["wsgi.input"].read() == b""  # a browser waits until all was taken

    def test_it_speaks_the_chosen_language(self, rf):
        rf.cookies[COOKIE] = "en"
        request = rf.post("/", b"x", content_type="application/octet-stream")
        request.META["CONTENT_LENGTH"] = "99999999999"
        assert "too large" in text_of(SizeMiddleware(lambda _r: None)(request), 413)

    def test_what_fits_goes_through(self, rf):
        answer = HttpResponse("fine")
        assert SizeMiddleware(lambda _r: answer)(rf.post("/", {"a": "b"})) is answer

    def test_too_long_a_text_is_said_to_be_too_large(self, client):
        sent = {"language": "en", "next": "x" * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)}
        response = client.post(
            "/shared/language/",
            "&".join(f"{k}={v}" for k, v in sent.items()),
            content_type="application/x-www-form-urlencoded",
        )
        assert "提交的内容过大" in text_of(response, 413)


def _plainly(request):
    """A request as the middleware would have dressed it, of somebody unknown."""
    from django.contrib.auth.models import AnonymousUser
    from django.contrib.messages.storage.fallback import FallbackStorage

    request.who, request.user, request.session = NOBODY, AnonymousUser(), {}
    request.resolver_match = None
    request._messages = FallbackStorage(request)
    return request


def _sent(mark="t-1"):
    return _plainly(RequestFactory().post("/", {"_once": mark} if mark else {}))


class TestOnce:
    def test_the_second_sending_is_led_to_where_the_first_went(self):
        done = []

        def view(_request):
            done.append(1)
            return HttpResponseRedirect("/there/")

        middleware = OnceMiddleware(view)
        answers = [middleware(_sent()) for _ in range(3)]
        assert [a["Location"] for a in answers] == ["/there/"] * 3
        assert done == [1]

    def test_what_was_refused_may_be_sent_again(self):
        answers = iter([HttpResponse(status=422), HttpResponseRedirect("/there/")])
        middleware = OnceMiddleware(lambda _r: next(answers))
        assert middleware(_sent()).status_code == 422
        assert middleware(_sent())["Location"] == "/there/"

    def test_being_led_to_the_log_in_does_not_count(self):
        answers = iter([HttpResponseRedirect("/accounts/login/?next=/"), HttpResponse("done")])
        middleware = OnceMiddleware(lambda _r: next(answers))
        middleware(_sent())
        assert middleware(_sent()).content == b"done"

    def test_our_own_fault_leaves_nothing_behind(self):
        def view(_request):
            Submission.objects.create(token="half done", at="2026-01-01T00:00:00Z")
            return HttpResponse(status=500)

        assert OnceMiddleware(view)(_sent()).status_code == 500
        assert Submission.objects.count() == 0

    @pytest.mark.parametrize("token", ["", "x" * 41, "a\x00"])
    def test_without_a_usable_mark_everything_goes_through(self, token):
        assert OnceMiddleware(lambda _r: HttpResponse("fine"))(_sent(token)).content == b"fine"
        assert Submission.objects.count() == 0

    def test_marks_differ_from_form_to_form(self, client, rulebook):
        client.force_login(person())
        marks = {
            text_of(client.get(reverse("applicant:need-new"))).split('name="_once" value="')[1][:20]
            for _ in range(2)
        }
        assert len(marks) == 2


@pytest.mark.django_db(transaction=True)
def test_two_sendings_at_the_same_moment_do_it_once():
    both, done, answers = threading.Barrier(2), [], []

    def view(_request):
        done.append(1)
        return HttpResponseRedirect("/there/")

    def send():
        try:
            both.wait(10)
            answers.append(OnceMiddleware(view)(_sent("same"))["Location"])
        finally:
            connections.close_all()

    threads = [threading.Thread(target=send) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert (done, answers) == ([1], ["/there/", "/there/"])


class TestFirstPage:
    def test_it_stands_without_a_rulebook(self, client):
        assert "规则手册尚未发布" in text_of(client.get("/"))

    def test_figures_are_counted_from_records(self, client, rulebook):
        before = text_of(client.get("/"))
        figure = (
            '<span class="figure">{}</span><span class="words"><a href="/search/?kind=facility">'
        )
        assert figure.format(0) in before
        facility()
        after = text_of(client.get("/"))
        assert figure.format(1) in after

    def test_every_city_is_a_link(self, client, rulebook):
        page = text_of(client.get("/"))
        for city in rulebook.cities:
            assert f"/search/?kind=facility&amp;region={city.id}" in page

    def test_what_was_typed_is_kept_through_the_log_in(self, client, rulebook):
        somebody = person()
        response = client.post("/begin/", {"text": "放大到500L\x00"})
        assert response["Location"] == reverse("applicant:need-new")
        response = client.get(response["Location"])
        assert response["Location"].startswith(reverse("account_login"))
        data = {"login": somebody.username, "password": PASSWORD}
        response = client.post(response["Location"], data)
        assert response.status_code == HTTPStatus.FOUND, response.content.decode()[:3000]
        assert "放大到500L" in text_of(client.get(reverse("applicant:need-new")))

    def test_it_is_given_out_once(self, rf):
        request = _plainly(rf.get("/"))
        begun.keep(request, "needed")
        assert [begun.take(request), begun.take(request)] == ["needed", ""]


class TestSearch:
    def test_words_are_marked_and_escaped(self, client, rulebook):
        name = facility().name
        page = text_of(client.get("/search/", {"q": name[:4]}))
        assert f"<mark>{name[:4]}</mark>" in page

    def test_a_summary_is_shown_in_the_readers_language(self, client, rulebook):
        facility(summary="反应与分离", summary_en="Reaction and separation")
        assert "反应与分离" in text_of(client.get("/search/"))
        client.cookies[COOKIE] = "en"
        assert "Reaction and separation" in text_of(client.get("/search/"))

    def test_more_results_cost_no_more_queries(self, client, rulebook):
        counts = []
        for number in (1, 3):
            while _facilities() < number:
                facility(f"齐鲁中试平台{_facilities()}")
            with CaptureQueriesContext(connection) as asked:
                text_of(client.get("/search/"))
            counts.append(len(asked))
        assert counts[0] == counts[1]

    @pytest.mark.parametrize("kind", ["", "facility", "equipment", "need", "technology", "strange"])
    @pytest.mark.parametrize("language", ["zh-hans", "en"])
    def test_every_tab_answers_in_both_languages(self, client, rulebook, kind, language):
        client.cookies[COOKIE] = language
        text_of(client.get("/search/", {"kind": kind}))

    def test_nothing_found_says_what_to_do(self, client, rulebook):
        assert "提交为需求" in text_of(client.get("/search/", {"q": "月球背面的酒窖"}))

    def test_a_chosen_city_can_be_taken_away_again(self, client, rulebook):
        city = next(iter(rulebook.cities)).id
        page = text_of(client.get("/search/", {"region": city}))
        assert 'aria-current="true"' in page


def _facilities():
    from pilotline.desks.registry.queries import counts_by_kind

    return counts_by_kind()["facility"]
