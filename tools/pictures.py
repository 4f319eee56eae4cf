"""Pictures of every page, as every kind of person, wide and narrow, with what is wrong on them.

    python tools/pictures.py http://127.0.0.1:8000 FOLDER [--as demo-operator] [--english]

Needs a running installation with the demonstration, on this machine. Prints one line for each
thing that is wrong; exit 1 when there is any. The folder is made anew and never committed.
"""

import argparse
import os
import sys
from pathlib import Path
from typing import Any

SIZES = {"wide": (1440, 900), "narrow": (390, 844)}
SLIMMEST = 360


def main(arguments: list[str]) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pilotline.config.settings")
    os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    import django

    django.setup()
    given = _parser().parse_args(arguments)
    from pilotline.config.demonstration import logins

    people = [("nobody", ""), *((name, secret) for name, secret, _role in logins())]
    wanted = [pair for pair in people if not given.person or pair[0] in given.person]
    return 1 if _all(given, wanted) else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("site")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--as", dest="person", action="append", help="a log-in, or nobody")
    parser.add_argument("--english", action="store_true")
    return parser


def _all(given: argparse.Namespace, people: list[tuple[str, str]]) -> int:
    """Look at everything; answers how many things are wrong."""
    from playwright.sync_api import sync_playwright

    from tools.browser import launch

    found = 0
    with sync_playwright() as playwright:
        browser = launch(playwright)
        for person, secret in people:
            for size, (width, height) in SIZES.items():
                context = browser.new_context(viewport={"width": width, "height": height})
                if given.english:
                    cookie = {"name": "django_language", "value": "en", "url": given.site}
                    context.add_cookies([cookie])
                page = context.new_page()
                if secret:
                    _log_in(page, given.site, person, secret)
                folder = given.folder / f"{person}-{size}"
                found += _walk(page, given, folder, width)
                context.close()
        browser.close()
    return found


def _log_in(page: Any, site: str, person: str, secret: str) -> None:
    page.goto(f"{site}/accounts/login/")
    page.fill("input[name=login]", person)
    page.fill("input[name=password]", secret)
    page.click("main form:has(input[name=password]) button:not([type=button])")
    page.wait_for_load_state()


def _walk(page: Any, given: argparse.Namespace, folder: Path, width: int) -> int:
    from tools.looking import faults, walk

    folder.mkdir(parents=True, exist_ok=True)
    found = 0
    for number, seen in enumerate(walk(page, given.site)):
        name = seen.view.replace(":", "-")
        wrong = [*seen.said, *faults(page, chinese=not given.english)]
        page.screenshot(path=folder / f"{number:02d}-{name}.png", full_page=True)
        if width < 400:
            page.set_viewport_size({"width": SLIMMEST, "height": 780})
            wrong += [f"at {SLIMMEST} px: {w}" for w in _sideways(page)]
            page.set_viewport_size({"width": width, "height": 844})
        if seen.status >= 400:
            wrong.append(f"status {seen.status}")
        for line in dict.fromkeys(wrong):
            print(f"{folder.name} {seen.url}: {line}", flush=True)
            found += 1
    return found


def _sideways(page: Any) -> list[str]:
    from tools.looking import faults

    return [line for line in faults(page, chinese=False) if line.startswith("sticks out")]


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
    sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))
    sys.exit(main(sys.argv[1:]))
