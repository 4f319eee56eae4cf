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
    "in_capitals": ("合计大写", "Total in capitals"),
    "use": ("使用内容", "Use"),
    "note": ("备注", "Note"),
    "frozen": (
        "每一行都注明计算过程；报价内容一经出具不再改动。",
        "Every line says how it came about. What was quoted is never changed.",
    ),
    "digest": ("内容摘要（SHA-256）", "Digest of the content (SHA-256)"),
}


def quotation_paper(content: Mapping[str, Any], language: str) -> Paper:
    """`content`: number, facility, is_demo, facts and whole (pairs of words), groups (title, lines
    of title, formula, notes, amount), total, capitals, note, digest; all of it words already."""
    return Paper(
        title=_say("quotation", language),
        over=content["facility"],
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
    groups = content["groups"]
    alone = [(_say("use", language), groups[0]["title"])] if len(groups) == 1 else []
    yield Facts([*content["facts"], *alone])
    yield _grid(content, language, named=len(groups) > 1)
    after = [(_say("in_capitals", language), f"人民币{content['capitals']}")]
    if content["note"]:
        after.append((_say("note", language), content["note"]))
    yield Facts(after)
    digest = labelled(_say("digest", language), content["digest"], language)
    yield Words("\n".join([_say("frozen", language), digest]), small=True)


def _row(line: Mapping[str, Any]) -> list[str]:
    return [line["title"], "\n".join([line["formula"], *line["notes"]]), line["amount"]]


def _grid(content: Mapping[str, Any], language: str, *, named: bool) -> Grid:
    """All lines in one table; where there are several uses, each below its name."""
    rows = []
    for group in content["groups"]:
        rows += [["", group["title"], ""]] if named else []
        rows += [_row(line) for line in group["lines"]]
    rows += [[name, "", amount] for name, amount in content["whole"]]
    rows.append([_say("total", language), "", content["total"]])
    head = [_say(name, language) for name in ("what", "how", "amount")]
    return Grid(head, rows, (0.28, 0.52, 0.2), frozenset({2}), strong=1)
