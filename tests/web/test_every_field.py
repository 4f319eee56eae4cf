"""Script and NUL bytes typed into every text field of every form that links lead to."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urljoin, urlsplit

import lxml.html
import pytest
from django.core.management import call_command
from django.db import transaction
from django.test import Client
from django.urls import Resolver404, resolve

from pilotline.desks.people.models import User

pytestmark = [pytest.mark.slow, pytest.mark.django_db, pytest.mark.usefixtures("rulebook")]

SCRIPT = "<script>alert(1)</script>"
EVIL = f"甲\x00{SCRIPT}'\"&#乙"
# Where a wrong word ends the walk, or where a form belongs to somebody else's code.
LEFT_OUT = ("account_logout",)
LOG_INS = ("applicant", "operator", "expert", "city", "province", "sysop")


def view_of(url: str) -> str:
    try:
        return resolve(urlsplit(url).path).view_name
    except Resolver404:
        return ""


def pages(client: Client, start: str = "/") -> Iterator[tuple[str, lxml.html.HtmlElement]]:
    """Every page that links lead to, each view once."""
    waiting, known = [start], set()
    while waiting:
        url = waiting.pop(0)
        view = view_of(url)
        if not view or view in known or view in LEFT_OUT:
            continue
        known.add(view)
        response = client.get(url)
        assert response.status_code < 500, url
        if response.streaming:
            list(response.streaming_content)  # its end closes the file, as a browser does
        if response.status_code != 200 or "text/html" not in response.headers["Content-Type"]:
            continue
        page = lxml.html.fromstring(response.content.decode(), base_url=url)
        yield url, page
        waiting += [
            urljoin(url, link) for link in page.xpath("//a[@href and not(@download)]/@href")
        ]


def filled(form: Any) -> list[tuple[str, str]]:
    """What a browser would send, with the evil text in every field that takes text."""
    sent = []
    for one in form.inputs:
        if not one.name or one.get("type") in ("submit", "button", "file", "image"):
            continue
        if one.tag == "textarea" or (one.tag == "input" and one.get("type", "text") in TYPED):
            sent.append((one.name, EVIL))
        elif one.get("type") in ("radio", "checkbox"):
            sent += [(one.name, one.get("value", "on"))] if one.get("checked") is not None else []
        elif one.tag == "select":
            chosen = [
                o.get("value", "") for o in one.iter("option") if o.get("selected") is not None
            ]
            sent += [(one.name, value) for value in chosen or one.value_options[:1]]
        else:
            sent.append((one.name, one.value or ""))
    return sent


TYPED = {"text", "search", "email", "url", "tel", "password", "number", "date", "datetime-local"}


def sent_by(client: Client, url: str, form: Any, button: tuple[str, str] | None) -> Any:
    data: dict[str, list[str]] = {}
    for name, value in filled(form) + ([button] if button else []):
        data.setdefault(name, []).append(value)
    where = urljoin(url, form.get("action") or url)
    if form.method == "GET":
        return client.get(urlsplit(where).path, data)
    return client.post(where, data, follow=True)


def buttons(form: Any) -> list[tuple[str, str] | None]:
    named = form.xpath(".//button[@name and not(@type='button')]")
    return [(one.get("name"), one.get("value", "")) for one in named] or [None]


def test_script_and_nul_in_every_field(settings):
    settings.HOME.mkdir(parents=True, exist_ok=True)
    call_command("load_demonstration", facilities=1, cases=6, verbosity=0)
    wrong, tried = [], set()
    for name in LOG_INS:
        client = Client(raise_request_exception=False)
        client.force_login(User.objects.get(username=f"demo-{name}"))
        for url, page in pages(client):
            for form in page.forms:
                for button in buttons(form):
                    action = view_of(urljoin(url, form.get("action") or url))
                    key = (action, button, tuple(sorted({f.name or "" for f in form.inputs})))
                    if action in LEFT_OUT or key in tried:
                        continue
                    tried.add(key)
                    with transaction.atomic():
                        response = sent_by(client, url, form, button)
                        transaction.set_rollback(True)
                    said = f"{name} {form.method} {url} -> {action} {button}"
                    if response.status_code >= 500:
                        wrong.append(f"{said}: {response.status_code}")
                    elif response.streaming:
                        list(response.streaming_content)
                    elif SCRIPT.encode() in response.content:
                        wrong.append(f"{said}: the script came back")
    assert wrong == []
    assert len(tried) > 100
