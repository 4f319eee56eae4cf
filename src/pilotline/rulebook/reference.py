"""The manual of a rulebook's files, written from the schemas that check them."""

from collections.abc import Iterable, Iterator

from pilotline.rulebook.check_schema import Schema, described, schemas, target
from pilotline.rulebook.entries import KINDS, ONE_A_FILE, SINGLES
from pilotline.rulebook.model import Text

# A key with the keys above it, whether it must be given, and its schema.
Row = tuple[str, bool, Schema]

INTRODUCTION = """\
# 规则文件手册 · Reference of rulebook files

本页由代码旁的 `schemas/` 生成，请勿手改。This page is generated from the schemas beside the
code; change those, not this page. ● 必须写 must be given.

## 每条都有的键 · Keys of every entry

`valid_from`、`source` 或 `example`、`group` 可写在文件头，由各条沿用；各条也可自己写明。
`valid_from`, `source` or `example`, and `group` may stand in the head of a file, for all its
entries that do not say their own.
"""

NAMES = {
    "string": Text("文字", "text"),
    "number": Text("数字", "number"),
    "integer": Text("整数", "whole number"),
    "boolean": Text("是/否", "true or false"),
    "object": Text("键值", "keys"),
}


def reference() -> str:
    """The whole page as Markdown, the same for the same schemas."""
    common = _table((key, key in ("id", "title"), part) for key, part in _common().items())
    return f"{INTRODUCTION}\n{common}" + "".join(_chapter(kind) for kind in KINDS)


def _common() -> Schema:
    """The keys that entries of every kind share, as a kind with little of its own has them."""
    plainest: Schema = schemas()["service_kinds"]["properties"]["entries"]["items"]["properties"]
    return {key: part for key, part in plainest.items() if key != "synonyms"}


def _chapter(kind: str) -> str:
    schema = schemas()[kind]
    zh, _, en = schema["title"].partition(" — ")
    name = kind.replace("_", "-")
    one = kind in ONE_A_FILE
    in_folder = (one and kind not in SINGLES) or kind == "attributes"
    place = f"{name}/*.yaml" if in_folder else f"{name}.yaml"
    lines = [f"\n## {zh} · {en}\n", f"`{place}`\n"]
    entry = schema if one else schema["properties"]["entries"]["items"]
    own = [row for row in _rows(entry, "") if row[2] != _common().get(row[0])]
    if not one:
        head = [k for k in schema["properties"] if k != "entries"]
        lines.append(f"文件头 head: {', '.join(f'`{key}`' for key in head)}\n")
    if own:
        lines.append(_table(own))
    return "\n".join(lines)


def _table(rows: Iterable[Row]) -> str:
    lines = ["| 键 key | | 写法 form | 说明 | meaning |", "|---|---|---|---|---|"]
    lines += [_row(*row) for row in rows]
    return "\n".join(lines) + "\n"


def _rows(schema: Schema, before: str) -> Iterator[Row]:
    required = schema.get("required", [])
    for key, part in schema["properties"].items():
        yield before + key, key in required, part
        inner, mark = _inside(part)
        if inner is not None:
            yield from _rows(inner, f"{before}{key}{mark}")


def _inside(part: Schema) -> tuple[Schema | None, str]:
    """The keys inside a part that is worth opening: not the texts that are the same everywhere."""
    found = target(part)
    if "properties" in found:
        return (None, "") if set(found["properties"]) == {"zh", "en"} else (found, ".")
    items = found.get("items", {})
    return (items, "[].") if "properties" in items else (None, "")


def _row(key: str, required: bool, part: Schema) -> str:
    words = described(part)
    mark = "●" if required else ""
    return f"| `{key}` | {mark} | {_form(part)} | {_cell(words.zh)} | {_cell(words.en)} |"


def _form(part: Schema) -> str:
    found = target(part)
    if set(found.get("properties", ())) == {"zh", "en"}:
        return "`{zh, en}`"
    if "enum" in found:
        return " ".join(f"`{value}`" for value in found["enum"])
    if "const" in found:
        return f"`{str(found['const']).lower()}`"
    if found.get("type") == "array":
        return f"[{_form(found.get('items', {}))}, …]"
    name = NAMES.get(found.get("type", ""))
    bounds = [f"≥ {found['minimum']}"] if "minimum" in found else []
    bounds += [f"≤ {found['maximum']}"] if "maximum" in found else []
    form = f"{name.zh} {name.en}" if name else "任意 any"
    return " ".join([form, *bounds])


def _cell(words: str) -> str:
    return words.replace("|", "\\|").replace("\n", " ")
