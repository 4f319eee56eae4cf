"""Words for PostgreSQL's full-text search: Chinese in overlapping pairs, the rest as words.

A dictionary would cut names wrongly and must be kept up; pairs of characters looked up as a
phrase find exactly what a substring search finds, with an index.
"""

import re
from collections.abc import Iterable

from pilotline.kernel.numerals import plain

_HAN = "\u3400-\u9fff\uf900-\ufaff"
_RUN = re.compile(rf"[{_HAN}]+|[^\W_{_HAN}]+(?:\.\d+)?")
# A tsvector holds positions up to 16383 and says nothing about what stands after them.
_LAST = 16_000
_LONGEST = 60


def runs(text: str) -> list[str]:
    """Stretches of Chinese, and words or numbers of everything else, in lower case."""
    return _RUN.findall(plain(text).lower())


def _is_han(run: str) -> bool:
    return "\u3400" <= run[0] <= "\u9fff" or "\uf900" <= run[0] <= "\ufaff"


def _grams(run: str) -> list[str]:
    """Pairs of a Chinese run and its last character alone, so that one character is found too."""
    if _is_han(run):
        return [*(run[i : i + 2] for i in range(len(run) - 1)), run[-1]]
    return [run[:_LONGEST]]


def vector_of(parts: Iterable[tuple[str, str]]) -> str:
    """A tsvector literal of (weight A–D, text) pairs. Runs are set apart: no phrase crosses."""
    places: dict[str, list[str]] = {}
    position = 1
    for weight, text in parts:
        for run in runs(text):
            for gram in _grams(run):
                if position > _LAST:
                    break
                places.setdefault(gram, []).append(f"{position}{weight}")
                position += 1
            position += 1
    # PostgreSQL keeps at most 255 positions a word.
    return " ".join(f"'{gram}':{','.join(at[:255])}" for gram, at in places.items())


def query_of(text: str, synonyms: Iterable[Iterable[str]] = ()) -> str:
    """A tsquery literal: every run of the text must be there; empty when nothing can be asked.

    `synonyms` are groups of words that mean the same: a run that is one of them may be
    answered by any other of its group.
    """
    groups = [tuple(group) for group in synonyms]
    asked = []
    for run in dict.fromkeys(runs(text)):
        words = {w for group in groups if run in {g.lower() for g in group} for w in group}
        options = {_phrase(run)} | {" & ".join(map(_phrase, runs(w))) for w in words if runs(w)}
        asked.append("(" + " | ".join(f"({option})" for option in sorted(options)) + ")")
    return " & ".join(asked[:20])


def _phrase(run: str) -> str:
    if not _is_han(run):
        return f"'{run[:_LONGEST]}':*"
    if len(run) == 1:
        return f"'{run}':*"
    return "(" + " <-> ".join(f"'{run[i : i + 2]}'" for i in range(min(len(run), 24) - 1)) + ")"
