"""The statement of one party's shares in a facility's income, as the blocks of a paper."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from pilotline.gateways.documents.blocks import Facts, Grid, Paper, Words
from pilotline.gateways.documents.order_paper import pick

WORDS = {
    "statement": ("收入分配对账单", "Statement of revenue shares"),
    "party": ("分配对象", "Who shares"),
    "kind": ("身份", "As"),
    "account": ("收款信息", "Where the money goes"),
    "period": ("期间", "Period"),
    "year": ("{year} 年", "{year}"),
    "printed": ("打印日期", "Printed"),
    "day": ("分配日期", "Shared on"),
    "bill": ("账单编号", "Bill"),
    "income": ("分配收入", "Income"),
    "percent": ("比例", "Share"),
    "amount": ("分得金额", "Amount"),
    "total": ("合计", "Total"),
    "in_capitals": ("合计大写", "In Chinese capitals"),
    "back": ("冲回", "taken back"),
    "notice": (
        "金额单位为元。收入为账单不含税金额；按最大余数法分配到分，各方分得之和等于收入。",
        "Amounts in yuan. The income is the bill’s net amount, divided to the fen by largest "
        "remainders: all shares add up to it.",
    ),
    "none": ("本期间没有分配。", "Nothing was shared in this period."),
}


def statement_paper(content: Mapping[str, Any], language: str) -> Paper:
    """`content`: facility, party, kind, account, period, printed, rows, total, capitals."""
    number = f"{content['facility']['code']}  ·  {content['period']}"
    return Paper(
        title=content["party"],
        over=_said("statement", language),
        under=pick(content["facility"], language),
        number=number,
        foot=number,
        language=language,
        is_demo=content["is_demo"],
        blocks=(
            Facts(_head(content, language)),
            _grid(content, language) if content["rows"] else Words(_said("none", language)),
            Words(_said("notice", language), small=True),
        ),
    )


def _said(name: str, language: str) -> str:
    zh, en = WORDS[name]
    return zh if language.startswith("zh") else en


def _head(content: Mapping[str, Any], language: str) -> list[tuple[str, str]]:
    rows = [
        ("party", content["party"]),
        ("kind", pick(content["kind"], language)),
        ("account", content["account"]),
        ("period", _said("year", language).format(year=content["period"])),
        ("total", f"¥ {_money(content['total'])}"),
        ("in_capitals", f"人民币{content['capitals']}" if content["capitals"] else ""),
        ("printed", content["printed"]),
    ]
    return [(_said(name, language), value) for name, value in rows if value]


def _grid(content: Mapping[str, Any], language: str) -> Grid:
    back = _said("back", language)
    rows = [
        [
            row["day"],
            f"{row['bill']} ({back})" if row["is_back"] else row["bill"],
            _money(row["income"]),
            f"{Decimal(row['percent']).normalize():f}%",
            _money(row["amount"]),
        ]
        for row in content["rows"]
    ]
    sums = [_said("total", language), "", "", "", _money(content["total"])]
    return Grid(
        head=[_said(name, language) for name in ("day", "bill", "income", "percent", "amount")],
        rows=[*rows, sums],
        widths=(0.17, 0.31, 0.19, 0.13, 0.20),
        right=frozenset({2, 3, 4}),
        strong=1,
    )


def _money(amount: str) -> str:
    return f"{Decimal(amount):,.2f}"
