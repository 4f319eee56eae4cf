"""Words of a search, marked where they stand in a text."""

import re

from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString

SHOWN = 160
LONG_WORD = 24
# What would stand oddly before three dots.
CUT_OFF = " .,;:!?(（，。；：、！？"


def words_of(search: str) -> list[str]:
    """The words of a search, longest first, so that a part never hides the whole."""
    return sorted({w for w in search.split() if w}, key=len, reverse=True)


def marked(text: str, search: str) -> SafeString | str:
    """The text with every word of the search inside `<mark>`."""
    words = words_of(search or "")
    if not words or not text:
        return text
    pattern = re.compile("|".join(map(re.escape, words)), re.IGNORECASE)
    parts, end = [], 0
    for match in pattern.finditer(text):
        parts += [(conditional_escape(text[end : match.start()]),), (_mark(match.group()),)]
        end = match.end()
    parts.append((conditional_escape(text[end:]),))
    return format_html_join("", "{}", parts)


def around(text: str, search: str) -> str:
    """A short piece of the text, around the first word of the search that it holds."""
    if len(text) <= SHOWN + LONG_WORD:  # to cut off a word or two saves nothing
        return text
    low = text.lower()
    places = [low.find(word.lower()) for word in words_of(search or "")]
    first = min([place for place in places if place >= 0], default=0)
    start = max(0, first - SHOWN // 4)
    end = start + SHOWN
    # Words that are written with spaces between them stay whole.
    if start and (gap := text.find(" ", start, min(start + LONG_WORD, first))) > 0:
        start = gap + 1
    if end < len(text) and (gap := text.rfind(" ", end - LONG_WORD, end + 1)) > first:
        end = gap
    piece = text[start:end]
    if end < len(text):
        piece = piece.rstrip(CUT_OFF) + "…"
    return f"{'…' if start else ''}{piece}"


def _mark(word: str) -> SafeString:
    return format_html("<mark>{}</mark>", word)
