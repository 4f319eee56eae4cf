"""The columns of a list of prices, in both languages, and the words that stand in them."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils import translation

from pilotline.desks.booking.rules.tariffs import CHARGE_WORDS, UNIT_WORDS
from pilotline.desks.registry.forms import key_of
from pilotline.rulebook import Rulebook

YES, NO = ("是", "yes", "y", "true", "1", "√"), ("否", "no", "n", "false", "0", "×")
CHOICES = {
    "tax_mode": {"included": ("含税", "included"), "added": ("不含税", "added")},
    "tiers_rule": {"whole": ("整量计", "whole"), "slice": ("分段计", "slice")},
    "tiers_over": {"use": ("每次使用", "use"), "all": ("整份报价", "all")},
}


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `kind`: text, number, percent, flag, choice, tiers, caps, classes or day.
    `entry`: it says something of one entry, else of the whole tariff."""

    key: str
    zh: str
    en: str
    kind: str = "text"
    entry: bool = True

    def title(self, language: str) -> str:
        return self.zh if language.startswith("zh") else self.en


def columns(rulebook: Rulebook) -> list[Column]:
    """All columns in the order in which they are written; each user class has two."""
    classes = [(c.id, c.title) for c in rulebook.user_classes]
    return [
        Column("facility", "平台", "Facility", entry=False),
        Column("resource", "资源", "Resource", entry=False),
        Column("code", "资源编号", "Resource code", entry=False),
        Column("valid_from", "生效日期", "Holds from", "day", entry=False),
        Column("valid_to", "失效日期", "Until", "day", entry=False),
        Column("id", "条目标识", "Entry"),
        Column("title", "收费项目", "What is charged"),
        Column("title_en", "英文名称", "Name in English"),
        Column("kind", "费用类型", "Kind", "charge"),
        Column("price", "单价（元）", "Price (yuan)", "number"),
        Column("unit", "计费单位", "Charged by", "unit"),
        Column("minimum", "起计量", "At least", "number"),
        Column("step", "计量步长", "In steps of", "number"),
        Column("what", "材料或计量表", "Material or meter"),
        Column("each_use", "每次使用计一次", "Once for every use", "flag"),
        *[
            Column(f"price_{id}", f"{title.zh}单价（元）", f"Price for {title.en} (yuan)", "number")
            for id, title in classes
        ],
        Column("by_class", "适用类别系数", "Prices by class apply", "flag"),
        Column("when_urgent", "加急加价", "Dearer when urgent", "flag"),
        Column("tiers", "阶梯", "Tiers", "tiers"),
        Column("tiers_rule", "阶梯计法", "Tier prices", "choice"),
        Column("tiers_over", "阶梯累计范围", "Tiers count", "choice"),
        Column("tiers_for", "阶梯适用类别", "Tiers are for", "classes"),
        Column("caps", "封顶", "Caps", "caps"),
        Column("group", "分组", "Group"),
        Column("further", "同组后续（%）", "Further use (%)", "percent"),
        Column("tax", "税率（%）", "Tax (%)", "percent", entry=False),
        Column("tax_mode", "含税方式", "Tax is", "choice", entry=False),
        Column("urgent", "加急（%）", "Urgent (%)", "percent", entry=False),
        Column("overhead", "管理费（%）", "Overhead (%)", "percent", entry=False),
        Column("overhead_for", "管理费适用类别", "Overhead is for", "classes", entry=False),
        *[
            Column(
                f"factor_{id}", f"{title.zh}系数（%）", f"{title.en} (%)", "percent", entry=False
            )
            for id, title in classes
        ],
        Column("day_hours", "一天小时数", "Hours of a day", "number", entry=False),
        Column("note", "变更说明", "What has changed", entry=False),
    ]


NEEDED = frozenset({"title", "price"})


def by_heading(listed: list[Column]) -> dict[str, Column]:
    """Columns by how their heading may be written, in either language or by its key."""
    return {
        key_of(name): column for column in listed for name in (column.key, column.en, column.zh)
    }


def words_of(kind: str) -> Mapping[str, str]:
    """Ids by every word for them, lower case: of charges, units, or the choices of a column."""
    if kind in CHOICES:
        return {w.lower(): id for id, said in CHOICES[kind].items() for w in (id, *said)}
    table = CHARGE_WORDS if kind == "charge" else UNIT_WORDS
    found = {name.lower(): name for name in table}
    for language in ("zh-hans", "en"):
        with translation.override(language):
            found |= {str(said).lower(): name for name, said in table.items()}
    if kind == "charge":  # 清洗, and 清洗费
        found |= {f"{said}费": name for said, name in found.items()}
    return found


def said_of(kind: str, name: str, language: str) -> str:
    """The word for an id, as a list is written."""
    chinese = language.startswith("zh")
    if kind in CHOICES:
        pair = CHOICES[kind].get(name)
        return pair[0 if chinese else 1] if pair else name
    table = CHARGE_WORDS if kind == "charge" else UNIT_WORDS
    with translation.override("zh-hans" if chinese else "en"):
        return str(table.get(name, name))
