"""A bill as the blocks of a paper."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import partial
from typing import Any

from pilotline.gateways.documents.blocks import Block, Facts, Grid, Paper, Words
from pilotline.gateways.documents.order_paper import pick
from pilotline.gateways.documents.order_words import said, unit
from pilotline.gateways.documents.words import labelled


def bill_paper(content: Mapping[str, Any], digest: str, language: str) -> Paper:
    return Paper(
        title=content["title"],
        over=said("bill", language),
        under=pick(content["facility"], language),
        number=content["number"],
        foot=f"{content['number']}  ·  {digest[:16]}",
        language=language,
        is_demo=content["is_demo"],
        blocks=tuple(_blocks(content, digest, language)),
    )


def _blocks(content: Mapping[str, Any], digest: str, language: str) -> Iterator[Block]:
    say = partial(said, language=language)
    yield Facts(_head(content, language))
    yield _lines(content, language)
    yield Facts(_sums(content, language))
    credit = content.get("since", {}).get("credit")
    if credit:
        yield Words(say("cancelled", **credit))
    yield Words("\n".join([say("notice"), say("digest", digest=digest)]), small=True)


def _head(content: Mapping[str, Any], language: str) -> list[tuple[str, str]]:
    say = partial(said, language=language)
    rows = [
        (say("bill_number"), content["number"]),
        (say("issued"), content["issued"]),
        (say("pay_by"), content["due"]),
        (say("payer"), f"{content['payer']['name']}  {content['payer']['credit_code']}"),
        (say("payee"), f"{content['payee']['name']}  {content['payee']['credit_code']}"),
        (say("order_number"), content["order"]),
        (say("booking"), content["booking"]),
    ]
    return [(name, value) for name, value in rows if value]


def _lines(content: Mapping[str, Any], language: str) -> Grid:
    say = partial(said, language=language)
    rows = [
        [
            _title(line, language),
            f"{line['quantity']} {unit(line['unit'], language)}" if line["quantity"] else "",
            line["price"] or "",
            _money(line["net"]),
            _money(line["tax"]),
            _source(line, language),
        ]
        for line in content["lines"]
    ]
    sums = [say("total"), "", "", _money(content["net"]), _money(content["tax"]), ""]
    return Grid(
        head=[
            say("service"),
            say("quantity"),
            say("unit_price"),
            say("net"),
            say("tax"),
            say("source"),
        ],
        rows=[*rows, sums],
        widths=(0.24, 0.11, 0.145, 0.155, 0.145, 0.205),
        right=frozenset({1, 2, 3, 4}),
        strong=1,
    )


def _title(line: Mapping[str, Any], language: str) -> str:
    title = pick(line, language)
    if line["kind"] != "adjustment":
        return title
    return labelled(said("adjustment", language), title, language)


def _source(line: Mapping[str, Any], language: str) -> str:
    source, say = line["source"], partial(said, language=language)
    parts = []
    if source.get("tariff"):
        version = source.get("version") or "—"
        parts.append(say("tariff", tariff=source["tariff"], version=version))
    if source.get("quotation"):
        parts.append(say("quotation", number=source["quotation"]))
    if source.get("milestone") == "whole":
        parts.append(say("whole"))
    elif source.get("milestone") is not None:
        parts.append(say("milestone_no", n=source["milestone"] + 1))
    return "\n".join(parts)


def _sums(content: Mapping[str, Any], language: str) -> list[tuple[str, str]]:
    say = partial(said, language=language)
    since = content.get("since", {})
    rows = [
        (say("in_figures"), f"¥ {_money(content['gross'])}"),
        (say("in_capitals"), f"人民币{content['gross_capitals']}"),
    ]
    later = [name for name in ("covered", "paid", "open") if Decimal(since.get(name, "0"))]
    return rows + [(say(name), f"¥ {_money(since[name])}") for name in later]


def _money(amount: str) -> str:
    return f"{Decimal(amount):,.2f}"
