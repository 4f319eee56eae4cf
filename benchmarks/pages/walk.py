"""Which pages there are: from the access table, with real addresses from the links of pages."""

import re
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from typing import Any
from urllib.parse import urljoin, urlsplit

LINK = re.compile(rb'<a\s[^>]*?href="([^"#]+)"')
FORM = re.compile(rb'<(?:form|button|input)\s[^>]*?(?:form)?action="([^"#?]+)')
HOST = "127.0.0.1"
# Ending one's session, and asking a server of somebody else's.
LEFT_OUT = {"account_logout", "openid_connect_login", "openid_connect_callback"}


@dataclass(frozen=True, slots=True)
class Page:
    """An address that one role may open, what it costs the database and our own process."""

    view: str
    url: str
    role: str
    cookie: str
    queries: int
    cpu_ms: float
    size: int


def pages(examples: int) -> tuple[list[Page], list[str]]:
    """A page for each view that somebody gets to, and the names of the views that nobody did.

    Each visitor opens up to `examples` addresses of a view: not every call has applications.
    """
    from django.urls import NoReverseMatch, reverse

    from pilotline.web.shared.access import ACCESS, may_open

    found: dict[str, Page] = {}
    refused: set[str] = set()
    sent: set[str] = set()
    for role, client, actor in _visitors():
        waiting = ["/"]
        for name in ACCESS:
            try:
                waiting += [reverse(name)] if may_open(actor, name) else []
            except NoReverseMatch:
                continue  # it needs an argument: a link will give it
        for view, url in _unseen(waiting, refused, examples):
            if view in found:  # measured already; to this visitor it may lead further
                waiting += _links(url, client.get(url), LINK)
                continue
            response, page = _open(client, url, view, role)
            waiting += _links(url, response, LINK)
            sent |= {_view(form) for form in _links(url, response, FORM)}
            if response.status_code == 200:
                found[view] = page
            elif response.status_code == 405:
                refused.add(view)  # only for forms to be sent to
    # What only forms are sent to is no page.
    missing = set(ACCESS) - set(found) - refused - sent - LEFT_OUT
    return list(found.values()), sorted(v for v in missing if not v.startswith("api"))


def _visitors() -> Iterator[tuple[str, Any, Any]]:
    """Nobody, and each log-in of the demonstration."""
    from django.test import Client

    from pilotline.desks.people.queries import actor_for, demo_logins

    yield "nobody", Client(SERVER_NAME=HOST), actor_for(None)
    for user in demo_logins():
        client = Client(SERVER_NAME=HOST)
        client.force_login(user)
        yield user.username, client, actor_for(user)


def _unseen(waiting: list[str], refused: set[str], examples: int) -> Iterator[tuple[str, str]]:
    """Some addresses of each view, while more are put into `waiting`."""
    tried: set[str] = set()
    opened: Counter[str] = Counter()
    while waiting:
        url = waiting.pop(0)
        view, path = _view(url), urlsplit(url).path
        if not view or view in refused or view in LEFT_OUT or path in tried:
            continue
        if opened[view] < examples and not path.startswith("/api/"):
            tried.add(path)
            opened[view] += 1
            yield view, url


def _view(url: str) -> str:
    """The name of the view at an address; empty when there is none."""
    from django.urls import Resolver404, resolve

    try:
        return resolve(urlsplit(url).path).view_name
    except Resolver404:
        return ""


def _open(client: Any, url: str, view: str, role: str) -> tuple[Any, Page]:
    """Once to warm it, once to count it."""
    from django.conf import settings
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client.get(url)
    with CaptureQueriesContext(connection) as asked:
        began = time.process_time()
        response = client.get(url)
        content = response.getvalue()
        spent = (time.process_time() - began) * 1000
    session = client.cookies.get(settings.SESSION_COOKIE_NAME)
    cookie = f"{settings.SESSION_COOKIE_NAME}={session.value}" if session else ""
    return response, Page(view, url, role, cookie, len(asked), spent, len(content))


def _links(url: str, response: Any, kind: re.Pattern[bytes]) -> list[str]:
    """Where a page leads to on this site, downloads of whole lists left out."""
    if response.status_code in (301, 302):
        return [response.headers["Location"]]
    if "html" not in response.headers.get("Content-Type", ""):
        return []
    content = response.getvalue() if response.streaming else response.content
    found = (urljoin(url, unescape(link.decode())) for link in kind.findall(content))
    return [link for link in found if link.startswith("/") and "export=" not in link]
