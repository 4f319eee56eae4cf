"""An order as the blocks of a paper."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import partial
from typing import Any

from django.utils import timezone

from pilotline.gateways.documents.blocks import (
    Article,
    Block,
    Facts,
    Grid,
    Paper,
    Signature,
    Signatures,
    Words,
)
from pilotline.gateways.documents.order_words import said
from pilotline.gateways.documents.words import labelled

SIDES = ("applicant", "operator")


def order_paper(
    content: Mapping[str, Any],
    consents: list[Mapping[str, Any]],
    digest: str,
    language: str,
) -> Paper:
    say = partial(said, language=language)
    return Paper(
        title=content["title"],
        over=say("order"),
        under=pick(content["kind"], language),
        number=content["number"],
        foot=f"{content['number']}  ·  v{content['version']}  ·  {digest[:16]}",
        language=language,
        is_demo=content["is_demo"],
        blocks=tuple(_blocks(content, consents, digest, language)),
    )


def pick(both: Mapping[str, Any], language: str) -> str:
    return str(both["zh" if language.startswith("zh") else "en"])


def _blocks(
    content: Mapping[str, Any],
    consents: list[Mapping[str, Any]],
    digest: str,
    language: str,
) -> Iterator[Block]:
    say = partial(said, language=language)
    yield Facts(_head(content, language))
    for side in SIDES:
        yield Facts(_party(side, content["parties"][side], language))
    yield Words(say("parties"))
    for number, (title, inner) in enumerate(_articles(content, language), start=1):
        yield Article(number, title)
        yield from inner
    whole = {consent["side"] for consent in consents} == set(SIDES)
    yield Words(say("signed_so" if whole else "unsigned_so"))
    left, right = (_signature(side, content, consents, language) for side in SIDES)
    yield Signatures(left, right)
    notes = [say("digest", digest=digest), say("release", n=content["release"])]
    yield Words("\n".join(notes), small=True)


def _head(content: Mapping[str, Any], language: str) -> list[tuple[str, str]]:
    say = partial(said, language=language)
    version = say("version_of", n=content["version"])
    if content["amends"]:
        version = say("amends", n=content["version"], old=content["amends"])
    rows = [
        (say("number"), content["number"]),
        (say("version"), version),
        (say("facility"), f"{pick(content['facility'], language)}  {content['facility']['code']}"),
    ]
    if content["case"]:
        rows.append((say("case"), content["case"]))
    if content["starts"] and content["ends"]:
        rows.append((say("period"), say("from_to", start=content["starts"], end=content["ends"])))
    if content["note"]:
        rows.append((say("note"), content["note"]))
    return rows


def _party(side: str, party: Mapping[str, str], language: str) -> list[tuple[str, str]]:
    say = partial(said, language=language)
    contact = "  ".join(filter(None, [party["contact"], party["phone"]]))
    rows = [
        (say(side), party["name"]),
        (say("credit_code"), party["credit_code"]),
        (say("address"), party["address"]),
        (say("contact"), contact),
    ]
    return [row for row in rows if row[1]]


def _articles(content: Mapping[str, Any], language: str) -> Iterator[tuple[str, list[Block]]]:
    say = partial(said, language=language)
    yield say("scope"), [Words(content["scope"] or "—")]
    if content["deliverables"]:
        yield say("deliverables"), [_deliverables(content, language)]
    if content["price"] is not None:
        yield say("price"), [_price(content, language)]
    if content["milestones"]:
        yield say("milestones"), [_milestones(content, language)]
    if content["shares"]:
        lines = [
            labelled(say(side), f"{content['shares'].get(side, '0')} %", language) for side in SIDES
        ]
        yield say("shares"), [Words("\n".join([say("shared_so"), *lines]))]
    for row in content["clauses"]:
        yield pick(row["group"], language), [Words(pick(row["text"], language))]
    if content["extra"]:
        yield say("extra"), [Words(content["extra"])]


def _price(content: Mapping[str, Any], language: str) -> Words:
    text = said(
        "price_so",
        language,
        figure=content["price_shown"],
        capitals=content["price_capitals"],
    )
    if content["quotation"]:
        gap = "" if language.startswith("zh") else " "
        text += gap + said("quotation_so", language, number=content["quotation"])
    return Words(text)


def _deliverables(content: Mapping[str, Any], language: str) -> Grid:
    say = partial(said, language=language)
    return Grid(
        head=[say("item"), say("what"), say("amount"), say("standard")],
        rows=[
            [str(number), row["title"], row["amount"], row["standard"]]
            for number, row in enumerate(content["deliverables"], start=1)
        ],
        widths=(0.08, 0.28, 0.18, 0.46),
    )


def _milestones(content: Mapping[str, Any], language: str) -> Grid:
    say = partial(said, language=language)
    rows = [
        [str(number), row["title"], row["due"] or "—", row["payment_shown"] or "—"]
        for number, row in enumerate(content["milestones"], start=1)
    ]
    paid = content["price_shown"] and any(row["payment"] for row in content["milestones"])
    if paid:
        rows.append(["", say("total"), "", content["price_shown"]])
    return Grid(
        head=[say("item"), say("milestone"), say("due"), say("payment")],
        rows=rows,
        widths=(0.08, 0.50, 0.20, 0.22),
        right=frozenset({3}),
        strong=1 if paid else 0,
    )


def _signature(
    side: str, content: Mapping[str, Any], consents: list[Mapping[str, Any]], language: str
) -> Signature:
    say = partial(said, language=language)
    given = next((consent for consent in consents if consent["side"] == side), None)
    rows = [("", content["parties"][side]["name"])]
    if given is None:
        rows.append((say("by"), say("not_yet")))
    else:
        at = timezone.localtime(datetime.fromisoformat(given["at"]))
        rows += [
            (say("by"), given["name"]),
            (say("at"), f"{at:%Y-%m-%d %H:%M:%S}"),
            (say("hash"), f"{given['digest'][:32]} {given['digest'][32:]}"),
        ]
    return Signature(say(side), rows)
