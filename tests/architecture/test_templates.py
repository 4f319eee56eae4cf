"""Pages obey the Content-Security-Policy: no script, style or handler inside the markup."""

import re
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[2] / "src" / "pilotline"

RULES = {
    "inline script": re.compile(r"<script(?![^>]*\ssrc=)(?![^>]*application/json)[^>]*>", re.I),
    "inline style": re.compile(r"<style[\s>]", re.I),
    "style attribute": re.compile(r"<[a-z][^>]*\sstyle\s*=", re.I),
    "event handler": re.compile(r"<[a-z][^>]*\son[a-z]+\s*=", re.I),
    "script address": re.compile(r"(href|src|action)\s*=\s*[\"']?\s*javascript:", re.I),
    "foreign address": re.compile(
        r"<(script|link|img|iframe)[^>]*(src|href)=[\"'](https?:)?//", re.I
    ),
}
SERVED = {".html", ".svg"}


def found_in(text: str) -> list[str]:
    without_comments = re.sub(r"{#.*?#}|{% comment %}.*?{% endcomment %}", "", text, flags=re.S)
    return [rule for rule, pattern in RULES.items() if pattern.search(without_comments)]


def test_templates_obey_the_policy():
    faults = {
        path.relative_to(SOURCE).as_posix(): faults
        for path in sorted(SOURCE.rglob("*"))
        if path.suffix in SERVED and "vendor" not in path.parts
        if (faults := found_in(path.read_text()))
    }
    assert faults == {}


def test_each_rule_bites():
    bad = {
        "inline script": "<script>go()</script>",
        "inline style": "<style>p {}</style>",
        "style attribute": '<p class="a" style="color: red">',
        "event handler": '<button type="button" onclick="go()">',
        "script address": '<a href="javascript:go()">',
        "foreign address": '<script src="https://example.org/a.js"></script>',
    }
    assert {name: found_in(text) for name, text in bad.items()} == {n: [n] for n in bad}


def test_what_is_allowed_passes():
    good = '<script src="{% static "a.js" %}" defer></script><a href="https://example.org">a</a>'
    assert found_in(good) == []


# Forms that may be sent twice: twice is once by what they do.
TWICE_IS_ONCE = {
    "shared:language": "chooses a language",
    "account_logout": "logs out",
    "applicant:case-requirements": "answers with a fragment; the desk writes a requirement once",
    "applicant:case-files": "the same content under the same name is one file",
    "applicant:case-file-remove": "what is removed stays removed",
    "applicant:application-papers": "the same content under the same name is one file",
    "applicant:invite": "answers with the code itself; an invitation too many can be withdrawn",
    "public:begin": "only keeps what was typed",
}
FORM = re.compile(r"<form[^>]*method=[\"']post.*?</form>", re.I | re.S)
ACTION = re.compile(r"action=\"{% url '([\w:-]+)'")


def unmarked(text: str) -> list[str]:
    """Where forms lead that carry no mark against a double click, itself or by an included part."""
    found = []
    for form in FORM.findall(text):
        if not re.search(r"{% (once|form_body|include) ?", form):
            action = ACTION.search(form)
            found.append(action[1] if action else form[:60])
    return found


def test_a_double_click_on_any_button_counts_once():
    places = {
        path.relative_to(SOURCE).as_posix(): bare
        for path in sorted((SOURCE / "web").rglob("*.html"))
        if (bare := [a for a in unmarked(path.read_text()) if a not in TWICE_IS_ONCE])
    }
    assert places == {}, "put {% once %} into the form, or say above why twice is once"


def test_a_form_without_a_mark_is_seen():
    bare = (
        '<form method="post" action="{% url \'a:b\' 1 %}">{% csrf_token %}<button>x</button></form>'
    )
    assert unmarked(bare) == ["a:b"]
    assert unmarked(bare.replace("{% csrf_token %}", "{% csrf_token %}{% once %}")) == []
