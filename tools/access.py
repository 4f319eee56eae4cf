"""Who may open what: every address with the roles that the access table lets in.

python tools/access.py     write docs/reference/access.md anew
"""

import os
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "reference" / "access.md"
ROLES = ("applicant", "operator", "expert", "authority", "sysop")
HEAD = """# Who may open what

Made from `src/pilotline/web/shared/access.py` by `python tools/access.py`; a test compares the
two, and another walks every address as every role and as nobody. An address that is not in the
table is refused to everybody. What somebody sees *inside* a page is decided by the desk whose
function fetches it: another applicant's case is not found, whoever opens the page of cases.

`known` is anybody who is logged in. Applicants belong to an organisation; operators to a confirmed
one that runs facilities; an authority answers for a city or the province; `sysop` keeps the system
running.
"""


@dataclass(frozen=True, slots=True)
class Route:
    """An address: its pattern as people read it, a sample path, the name of its view."""

    pattern: str
    path: str
    name: str


def routes() -> list[Route]:
    """Every address of the installation, in the order in which they are tried."""
    from django.urls import get_resolver

    return list(_walk(get_resolver().url_patterns, "/", "/", ""))


def _walk(patterns: list[object], shown: str, path: str, space: str) -> Iterator[Route]:
    from django.urls import URLResolver

    for one in patterns:
        if isinstance(one, URLResolver):
            inner = f"{space}{one.namespace}:" if one.namespace else space
            yield from _walk(one.url_patterns, shown + _shown(one), path + _sample(one), inner)
        else:
            name = one.name or one.lookup_str
            yield Route(shown + _shown(one), path + _sample(one), f"{space}{name}")


def _shown(one: object) -> str:
    return str(one.pattern).lstrip("^").rstrip("$").replace("(?P", "").replace("\\Z", "")


def _sample(one: object) -> str:
    """The part of the address with something in place of each argument."""
    from django.urls.resolvers import RegexPattern

    if isinstance(one.pattern, RegexPattern):
        return _filled(str(one.pattern))
    path = str(one.pattern)
    for name, converter in one.pattern.converters.items():
        kind = type(converter).__name__.removesuffix("Converter").lower()
        value = "1" if kind == "int" else "x"
        for written in (f"<{kind}:{name}>", f"<{name}>"):
            path = path.replace(written, value)
    return path


def _filled(regex: str) -> str:
    """A regular expression of allauth's addresses with `x` for each named group."""
    text = regex.lstrip("^").rstrip("$").removesuffix("\\Z")
    return re.sub(r"\(\?P<\w+>[^)]*\)", "x", text).replace("\\.", ".")


def page() -> str:
    """The whole document."""
    from pilotline.web.shared.access import ACCESS

    lines = [
        HEAD,
        f"| Address | View | anyone | known | {' | '.join(ROLES)} |",
        f"|---|---|{'---|' * (len(ROLES) + 2)}",
    ]
    for route in sorted(routes(), key=lambda r: (r.pattern, r.name)):
        allowed = ACCESS.get(route.name, frozenset())
        if not allowed:
            continue
        marks = [_mark(allowed, who) for who in ("anyone", "known", *ROLES)]
        pattern = route.pattern.replace("|", "\\|")
        lines.append(f"| `{pattern}` | `{route.name}` | {' | '.join(marks)} |")
    return "\n".join(lines) + "\n"


def _mark(allowed: frozenset[str], who: str) -> str:
    wide = {"anyone"} if who == "known" else {"anyone", "known"}
    return "●" if who in allowed or (who != "anyone" and allowed & wide) else ""


def main() -> None:
    sys.path[:0] = [str(ROOT / "src"), str(ROOT)]
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pilotline.config.settings")
    import django

    django.setup()
    PAGE.parent.mkdir(parents=True, exist_ok=True)
    PAGE.write_text(page())


if __name__ == "__main__":
    main()
