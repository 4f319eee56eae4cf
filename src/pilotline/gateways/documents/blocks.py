"""What a paper consists of, whether it is printed as PDF or written as docx."""

from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Facts:
    """Names and values in two columns."""

    rows: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Article:
    """A numbered heading: 第三条 知识产权, or 3 Intellectual property."""

    number: int
    title: str


@dataclass(frozen=True, slots=True)
class Words:
    """Running text; a line feed begins a paragraph. `small` for notes."""

    text: str
    small: bool = False


@dataclass(frozen=True, slots=True)
class Grid:
    """A table with a head. `widths` are shares of the page; columns in `right` are numbers."""

    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    widths: Sequence[float]
    right: frozenset[int] = frozenset()
    strong: int = 0  # so many rows at the end are sums


@dataclass(frozen=True, slots=True)
class Signature:
    """One side's block: who it is, and who agreed, when, to which hash."""

    side: str
    rows: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Signatures:
    """Both sides beside each other; never broken over two pages."""

    left: Signature
    right: Signature


Block = Facts | Article | Words | Grid | Signatures


@dataclass(frozen=True, slots=True)
class Paper:
    """A whole paper. `over` stands above the title, `foot` on every page beside its number."""

    title: str
    over: str
    under: str
    number: str
    foot: str
    language: str
    is_demo: bool
    blocks: Sequence[Block] = field(default_factory=tuple)

    @property
    def is_chinese(self) -> bool:
        return self.language.startswith("zh")


NUMERALS = "〇一二三四五六七八九"


def article_number(number: int, *, chinese: bool) -> str:
    """`第十二条` or `12.`; up to 99."""
    if not chinese:
        return f"{number}."
    tens, ones = divmod(number, 10)
    words = ("" if tens <= 1 else NUMERALS[tens]) + ("十" if tens else "")
    return f"第{words}{NUMERALS[ones] if ones else ''}条"
