"""What a careful eye sees on a page, and a walk over all pages as one person.

Used by the browser tests and by tools/pictures.py. A page is visited once for each view: two
facilities look alike.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.urls import Resolver404, resolve
from playwright.sync_api import Error

from tools.messages import CATALOGUE, read, rooms

SCRIPT = (Path(__file__).with_name("looking.js")).read_text("utf-8")
LEFT_OUT = ("account_logout",)


@dataclass(frozen=True, slots=True)
class Seen:
    """A page that was opened: its view, address, status and what the console said."""

    view: str
    url: str
    status: int
    said: tuple[str, ...]


@lru_cache(maxsize=1)
def english_words() -> frozenset[str]:
    """Every English text that has Chinese words of its own."""
    return frozenset(
        key[1]
        for room in rooms()
        for key, said in read(room / CATALOGUE).items()
        if said and said != key[1] and any(c.isalpha() and c.isascii() for c in key[1])
    )


def faults(page: Any, *, chinese: bool) -> list[str]:
    """Sentences about what is wrong with the page that is open."""
    seen = page.evaluate(SCRIPT)
    if not chinese:
        return list(seen["found"])
    # Compared here: thousands of words would take longer to send than the page to look at.
    left = english_words().intersection(seen["ours"])
    return [*seen["found"], *(f"not translated: {words}" for words in sorted(left))]


def walk(
    page: Any, site: str, start: str = "/", seen: Collection[str] = frozenset()
) -> Iterator[Seen]:
    """Open every page that links lead to from `start`, each view once; yields while it is open.

    Views that were `seen` before are left out, but for the start itself.
    """
    said: list[str] = []
    page.on("console", lambda m: said.append(m.text) if m.type in {"error", "warning"} else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    waiting, known = [start], set(seen) - {view_of(start)}
    while waiting:
        url = waiting.pop(0)
        view = view_of(url)
        if not view or view in known or view in LEFT_OUT or url.endswith(".json"):
            continue
        known.add(view)
        said.clear()
        try:
            response = page.goto(site + url)
        except Error as error:
            if "Download is starting" in str(error):
                continue
            raise
        yield Seen(view, url, response.status if response else 0, tuple(said))
        waiting += links_of(page, site)


def links_of(page: Any, site: str) -> list[str]:
    """Addresses on this site that the open page leads to, downloads left out."""
    found = page.evaluate(
        "() => [...document.querySelectorAll('a[href]:not([download])')]"
        ".map((a) => new URL(a.getAttribute('href'), location).href)"
    )
    inside = [urlsplit(url) for url in found if url.startswith(f"{site}/")]
    return [
        parts.path + (f"?{parts.query}" if parts.query else "")
        for parts in inside
        if "export=" not in parts.query
    ]


def view_of(url: str) -> str:
    """The name of the view at an address; empty when there is none."""
    try:
        return resolve(urlsplit(url).path).view_name
    except Resolver404:
        return ""
