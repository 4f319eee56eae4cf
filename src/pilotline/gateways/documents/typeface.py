"""The one font of all papers, and what becomes of characters that it does not hold."""

import re
from functools import lru_cache
from pathlib import Path
from typing import Any
from unicodedata import category

from reportlab.lib import textsplit
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import paragraph

FACE = "PilotlineSans"
FILE = Path(__file__).parent / "fonts" / "NotoSansSC-Regular-subset.ttf"
MARK = "□"
# Marks that begin no line in Chinese; reportlab knows the Japanese ones only.
NEVER_FIRST = "，；：？！”’》〉〗%"


# A character beyond the Basic Multilingual Plane in a table that wants UTF-16.
BEYOND = re.compile(r"(?<= <)[0-9A-F]{5,6}(?=>)")


class Font(TTFont):
    """A TrueType font whose rare characters can be copied and searched in the paper, too.

    reportlab 4 writes their code points as they are where pairs of UTF-16 units belong.
    """

    def addObjects(self, doc: Any) -> None:
        super().addObjects(doc)
        for name, stream in doc.idToObject.items():
            if name.startswith("toUnicodeCMap:"):
                stream.content = BEYOND.sub(_pair, stream.content)


def _pair(found: re.Match[str]) -> str:
    return chr(int(found[0], 16)).encode("utf-16-be").hex().upper()


@lru_cache(maxsize=1)
def held() -> frozenset[int]:
    """Loads the font on the first call. The code points it holds."""
    for place in (paragraph, textsplit):  # each keeps a copy of its own
        place.ALL_CANNOT_START += NEVER_FIRST
    font = Font(FACE, str(FILE))
    pdfmetrics.registerFont(font)
    return frozenset(font.face.charToGlyph)


def printable(text: str) -> str:
    """The text with a visible mark for every character that the font does not hold.

    Marks that only steer other text (direction, joining) and blanks of odd width are not shown.
    """
    known = held()
    return "".join(_one(c, known) for c in text)


def _one(character: str, known: frozenset[int]) -> str:
    if character in "\n\t":
        return character
    kind = category(character)
    if kind in ("Cc", "Cf"):
        return ""
    if kind == "Zs":
        return " " if character != "\u3000" else character
    return character if ord(character) in known else MARK
