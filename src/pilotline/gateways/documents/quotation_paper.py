"""A quotation as the blocks of a paper: every line with the formula it came from."""

from collections.abc import Iterator, Mapping
from typing import Any

from pilotline.gateways.documents.blocks import Block, Facts, Grid, Paper, Words
from pilotline.gateways.documents.words import labelled

SAID = {
    "quotation": ("报价单", "Quotation"),
    "what": ("收费项目", "What is charged"),
    "how": ("计算过程", "How it comes about"),
    "amount": ("金额", "Amount"),
    "total": ("合计", "Total"),
    "note": ("备注", "Note"),
    "frozen": (
        "每一行都注明计算过程；报价内容一经出具不再改动。",
        "Every line says how it came about. What was quoted is never changed.",
    ),
    "digest": ("内容摘要（SHA-256）", "Digest of the content (SHA-256)"),
}


def quotation_paper(content: Mapping[str, Any], language: str) -> Paper:
    """`content`: number, region, is_demo, facts and whole (pairs of words), groups (title, lines
    of title, formula, notes, amount), total, note, digest; all of it words already."""
    return Paper(
        title=_say("quotation", language),
        over=content["region"],
        under="",
        number=content["number"],
        foot=f"{content['number']}  ·  {content['digest'][:16]}",
        language=language,
        is_demo=content["is_demo"],
        blocks=tuple(_blocks(content, language)),
    )


def _say(name: str, language: str) -> str:
    zh, en = SAID[name]
    return zh if language.startswith("zh") else en


def _blocks(content: Mapping[str, Any], language: str) -> Iterator[Block]:
    yield Facts(content["facts"])
    for group in content["groups"]:
        yield Words(group["title"])
        yield _grid([_row(line) for line in group["lines"]], 0, language)
    whole = [[name, "", amount] for name, amount in content["whole"]]
    yield _grid([*whole, [_say("total", language), "", content["total"]]], 1, language)
    if content["note"]:
        yield Words(labelled(_say("note", language), content["note"], language))
    digest = labelled(_say("digest", language), content["digest"], language)
    yield Words("\n".join([_say("frozen", language), digest]), small=True)


def _row(line: Mapping[str, Any]) -> list[str]:
    return [line["title"], "\n".join([line["formula"], *line["notes"]]), line["amount"]]


def _grid(rows: list[list[str]], strong: int, language: str) -> Grid:
    head = [_say(name, language) for name in ("what", "how", "amount")]
    return Grid(head, rows, (0.28, 0.52, 0.2), frozenset({2}), strong)
