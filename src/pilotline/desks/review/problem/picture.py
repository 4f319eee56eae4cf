"""A track of the rulebook as a picture with words, and as BPMN 2.0."""

import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from pilotline.desks.review.rules.proceedings import ROLE_TITLES
from pilotline.engines.tracks.bpmn import bpmn
from pilotline.engines.tracks.picture import draw
from pilotline.engines.tracks.table import Step
from pilotline.rulebook import Rulebook
from pilotline.rulebook.tracks import Track

# How wide a line of words may be in a box; a Chinese character counts two.
MOST = 18


def drawn(track: Track, language: str) -> Mapping[str, Any]:
    """`width`, `height`, `boxes` (step, box, words by line), `lines` (points, whether called)."""
    layout, edges = draw(track.walk)
    forward = {(before, step.id) for step in track.walk.steps for before in step.after}
    return {
        "width": layout.width,
        "height": layout.height,
        "boxes": [
            {
                "step": step.id,
                "box": layout.boxes[step.id],
                "words": _lines(step.title.say(language)),
            }
            for step in track.steps
        ],
        "lines": [
            {"points": " ".join(f"{x:g},{y:g}" for x, y in line), "called": edge not in forward}
            for edge, line in zip(edges, layout.lines, strict=True)
        ],
    }


def exported(track: Track, rulebook: Rulebook, language: str) -> str:
    """The track as BPMN 2.0 in one language."""

    def say(kind: str, name: str) -> str:
        if kind == "step":
            return track.step(name).title.say(language)
        return rulebook.title("outcomes", name, language)

    with translation.override(language):
        return bpmn(
            track.walk,
            title=track.title.say(language),
            say=say,
            about=lambda step: _about(step, rulebook, language),
        )


def _about(step: Step, rulebook: Rulebook, language: str) -> str:
    body = rulebook.bodies.get(step.doer)
    who = body.title.say(language) if body else str(ROLE_TITLES[step.doer])
    days = ngettext("{n} working day", "{n} working days", step.days).format(n=step.days)
    said = [_("Done by: {who}").format(who=who), _("Clock: {days}").format(days=days)]
    waits = [o.id for o in step.outcomes if o.leads == "wait"]
    if waits:
        named = ", ".join(rulebook.title("outcomes", name, language) for name in waits)
        said.append(_("The clock stands while the applicant answers: {named}").format(named=named))
    return "\n".join(said)


def _lines(words: str) -> list[str]:
    """One or two lines that fit into a box; what is too long for two is cut."""
    found = [""]
    for piece in _pieces(words):
        if _width(found[-1] + piece) > MOST and found[-1].strip():
            found.append("")
        found[-1] += piece if found[-1] else piece.lstrip()
    return [line.strip() for line in found][:2]


def _pieces(words: str) -> Iterable[str]:
    """Latin words with the blank before them, Chinese characters one by one."""
    piece = ""
    for letter in words:
        if unicodedata.east_asian_width(letter) in "WF":
            if piece:
                yield piece
            yield letter
            piece = ""
        elif letter == " ":
            if piece:
                yield piece
            piece = letter
        else:
            piece += letter
    if piece:
        yield piece


def _width(words: str) -> int:
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in words)
