"""The page of rules: every clause, every entry, and where it comes from."""

import re

import pytest
from django.conf import settings
from django.utils.html import escape

from tests.factories import person

pytestmark = pytest.mark.django_db


def test_the_frame_counts_notices_there_as_anywhere(client, rulebook):
    client.force_login(person())
    bell = client.get("/rules/").content.decode().partition('class="bell"')[2].partition("</a>")[0]
    assert 'class="count"' not in bell  # nobody has written to them


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_clause_and_where_each_entry_comes_from(client, rulebook, language):
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = {"zh": "zh-hans", "en": "en"}[language]
    page = client.get("/rules/").content.decode()
    for clause in rulebook.clauses:
        assert escape(clause.title.say(language)) in page
        assert page.count(f'id="clause-{clause.number}"') == 1
    for kind in ("tiers", "scales", "fields"):
        entries = rulebook.listing(kind)
        part = page.partition(f'id="{kind}"')[2].partition("</section>")[0]
        assert all(escape(e.title.say(language)) in part for e in entries)
        # What all of a list come from is said once, above it.
        sources = [(e.example, e.source) for e in entries]
        said = 1 if len(set(sources)) == 1 else len(sources)
        others = r'<span class="muted">[^\d<]'
        found = re.findall(rf'badge example|href="#clause-|{others}', part)
        assert len(found) == said
