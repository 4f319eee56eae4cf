"""The shape of each file against the JSON Schema of its kind, in plain sentences."""

import json
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from functools import lru_cache
from importlib.resources import files
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from pilotline.rulebook.entries import KINDS
from pilotline.rulebook.model import Text
from pilotline.rulebook.reading import Document, Fault, Path

Schema = Mapping[str, Any]

TYPES = {
    "string": Text("文字", "text"),
    "number": Text("数字", "a number"),
    "integer": Text("整数", "a whole number"),
    "boolean": Text("true 或 false", "true or false"),
    "array": Text("列表", "a list"),
    "object": Text("若干键值", "keys with values"),
    "null": Text("空", "nothing"),
}


@lru_cache(maxsize=1)
def schemas() -> Mapping[str, Schema]:
    """The JSON Schema of every kind, and `shared`, from the files beside the code."""
    folder = files("pilotline.rulebook") / "schemas"
    return {
        name: json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
        for name in ("shared", *KINDS)
    }


def described(schema: Schema) -> Text:
    """The two halves of a schema's description, or of the first one that its `$ref`s have."""
    while "description" not in schema and "$ref" in schema:
        schema = _referred(schema)
    zh, _, en = schema.get("description", "").partition(" — ")
    return Text(zh, en or zh)


def target(schema: Schema) -> Schema:
    """What a chain of `$ref`s ends in; the schema itself when it has none."""
    while "$ref" in schema:
        schema = _referred(schema)
    return schema


def _referred(schema: Schema) -> Schema:
    found: Schema = schemas()["shared"]["$defs"][schema["$ref"].rpartition("/")[2]]
    return found


@lru_cache(maxsize=64)
def _validator(kind: str) -> Draft202012Validator:
    shared = DRAFT202012.create_resource(schemas()["shared"])
    registry: Registry[Any] = Registry().with_resource("shared.json", shared)
    return Draft202012Validator(schemas()[kind], registry=registry)


def schema_faults(kind: str, document: Document) -> Iterator[tuple[Path, Fault]]:
    """Each fault with the path it belongs to; nothing when the shape is right."""
    for error in _validator(kind).iter_errors(document.data):
        path: Path = tuple(error.absolute_path)
        for at, zh, en in _sentences(error, path):
            yield at, document.fault(at, zh, en)


def _sentences(error: ValidationError, path: Path) -> Iterator[tuple[Path, str, str]]:
    name, given = _name(path), _any(error.instance)
    limit, schema = _any(error.validator_value), _any(error.schema)
    match error.validator:
        case "required":
            for key in limit:
                if key not in given:
                    yield path, f"缺少“{key}”。", f"“{key}” is missing."
        case "additionalProperties":
            yield from _strangers(error, path)
        case "type":
            wanted = TYPES[limit]
            hint_zh, hint_en = "", ""
            if limit == "string" and isinstance(given, (int, float)):
                hint_zh, hint_en = ",请加引号", "; put it in quotes"
            zh = f"“{name}”应为{wanted.zh}{hint_zh}。"
            yield path, zh, f"“{name}” must be {wanted.en}{hint_en}."
        case "enum" | "const":
            listed = limit if error.validator == "enum" else [True]
            known = ", ".join(json.dumps(v, ensure_ascii=False).strip('"') for v in listed)
            zh = f"“{name}”不能是“{given}”，只能是：{known}。"
            yield path, zh, f"“{name}” cannot be “{given}”; it must be one of: {known}."
        case "pattern":
            says = described(schema)
            zh = f"“{name}”的写法不对（“{given}”）：{says.zh}。"
            yield path, zh, f"“{name}” is not written rightly (“{given}”): {says.en}."
        case _:
            yield from _bounds(error, path, name)


def _strangers(error: ValidationError, path: Path) -> Iterator[tuple[Path, str, str]]:
    known = list(_any(error.schema)["properties"])
    for key in _any(error.instance):
        if key in known:
            continue
        close = get_close_matches(key, known, n=1)
        zh = f"不认识“{key}”，" + (
            f"是否想写“{close[0]}”？" if close else f"可用：{_list(known)}。"
        )
        en = f"“{key}” is not known" + (
            f"; did you mean “{close[0]}”?" if close else f"; these are: {_list(known)}."
        )
        yield (*path, key), zh, en


def _bounds(error: ValidationError, path: Path, name: str) -> Iterator[tuple[Path, str, str]]:
    limit = error.validator_value
    said = {
        "minLength": Text("不能为空", "may not be empty"),
        "maxLength": Text(f"最多 {limit} 字", f"may have {limit} characters at most"),
        "minItems": Text(f"至少要有 {limit} 项", f"needs {limit} entries or more"),
        "maxItems": Text(f"最多 {limit} 项", f"may have {limit} entries at most"),
        "minProperties": Text("不能为空", "may not be empty"),
        "uniqueItems": Text("有重复的项", "has an entry twice"),
        "minimum": Text(f"不能小于 {limit}", f"may not be below {limit}"),
        "maximum": Text(f"不能大于 {limit}", f"may not be above {limit}"),
        "exclusiveMinimum": Text(f"应大于 {limit}", f"must be above {limit}"),
    }[str(error.validator)]
    yield path, f"“{name}”{said.zh}。", f"“{name}” {said.en}."


def _any(value: Any) -> Any:
    # jsonschema marks what it has not filled in yet; in an error it has filled in everything.
    return value


def _name(path: Path) -> str:
    """The last key of a path, with its place in the list when the path ends in one."""
    if not path:
        return "文件/file"
    if isinstance(path[-1], int):
        return f"{_name(path[:-1])}[{path[-1] + 1}]"
    return path[-1]


def _list(known: list[str]) -> str:
    return ", ".join(known)
