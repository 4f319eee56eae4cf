"""Reading one YAML file into plain values, with the line of every key and every list entry.

A small, safe YAML: UTF-8; mappings, lists, text, whole and decimal numbers, true, false and null.
A day is text (`2026-01-01`) and so is every quoted thing. No tags, no aliases, no key twice:
everything says itself where it stands.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import yaml

from pilotline.rulebook.model import Text

# The parser in C is some ten times faster; the one in Python reads the same.
PARSER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

MOST_BYTES = 1_048_576
DEEPEST = 20
PREFIX = "tag:yaml.org,2002:"

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong: where (path inside the folder, line from 1), and a sentence."""

    file: str
    line: int
    text: Text

    def say(self, language: str) -> str:
        return f"{self.file}:{self.line}: {self.text.say(language)}"


@dataclass(frozen=True, slots=True)
class Document:
    """What a file holds. `lines` gives the line of each key and entry by its path."""

    file: str
    data: Any
    lines: dict[Path, int]

    def line(self, path: Path) -> int:
        """The line of a path, or of the nearest thing above it that is there."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)

    def fault(self, path: Path, zh: str, en: str) -> Fault:
        return Fault(self.file, self.line(path), Text(zh, en))


class _Loader(PARSER):  # type: ignore[misc, valid-type]
    """YAML with few scalars: no dates, no octal, no yes and no, no sexagesimal numbers."""

    yaml_implicit_resolvers: dict[Any, Any] = {}


_Loader.add_implicit_resolver(f"{PREFIX}null", re.compile(r"(?:~|null|)$"), ["~", "n", ""])
_Loader.add_implicit_resolver(f"{PREFIX}bool", re.compile(r"(?:true|false)$"), list("tf"))
_Loader.add_implicit_resolver(
    f"{PREFIX}int", re.compile(r"[-+]?(?:0|[1-9][0-9]{0,17})$"), list("-+0123456789")
)
_Loader.add_implicit_resolver(
    f"{PREFIX}float", re.compile(r"[-+]?[0-9]{1,17}\.[0-9]{1,17}$"), list("-+0123456789")
)


def read_document(file: str, raw: bytes) -> Document | list[Fault]:
    """The content of a file, or the faults that keep it from being read."""
    if len(raw) > MOST_BYTES:
        return [_fault(file, 1, "文件超过 1 MB。", "The file is larger than 1 MB.")]
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        zh = "文件不是 UTF-8 编码，请另存为 UTF-8。"
        return [_fault(file, line, zh, "The file is not UTF-8; save it as UTF-8.")]
    try:
        node = yaml.compose(text, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        zh, en = "YAML 格式有误：", "The YAML cannot be read: "
        reason = error.problem or "?"
        return [_fault(file, mark.line + 1 if mark else 1, zh + reason, en + reason)]
    except yaml.reader.ReaderError as error:
        line = text[: error.position].count("\n") + 1 if error.position else 1
        return [_fault(file, line, "含有不允许的控制字符。", "There is a control character.")]
    except RecursionError:
        return [_fault(file, 1, "嵌套太深。", "It is nested too deeply.")]
    if node is None:
        return [_fault(file, 1, "文件是空的。", "The file is empty.")]
    walk = _Walk(file)
    data = walk.value(node, ())
    return walk.faults or Document(file, data, walk.lines)


class _Walk:
    """Turns nodes into values; collects lines and faults on the way."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.lines: dict[Path, int] = {}
        self.faults: list[Fault] = []
        self._seen: set[int] = set()

    def value(self, node: yaml.Node, path: Path) -> Any:
        self.lines.setdefault(path, node.start_mark.line + 1)
        if id(node) in self._seen:
            self._refuse(node, "请勿使用 & 与 * 引用，把内容写全。", "Aliases are not allowed.")
            return None
        self._seen.add(id(node))
        if len(path) > DEEPEST:
            self._refuse(node, "嵌套太深。", "It is nested too deeply.")
            return None
        if isinstance(node, yaml.MappingNode) and node.tag == f"{PREFIX}map":
            return dict(self._pairs(node, path))
        if isinstance(node, yaml.SequenceNode) and node.tag == f"{PREFIX}seq":
            return [self.value(one, (*path, at)) for at, one in enumerate(node.value)]
        return self._scalar(node)

    def _pairs(self, node: yaml.MappingNode, path: Path) -> Iterator[tuple[str, Any]]:
        keys: set[str] = set()
        for key_node, value_node in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                self._refuse(key_node, "键应为文字。", "A key must be text.")
                continue
            key = str(key_node.value)
            if key in keys:
                self._refuse(key_node, f"“{key}”写了两次。", f"“{key}” is there twice.")
                continue
            keys.add(key)
            self.lines[(*path, key)] = key_node.start_mark.line + 1
            yield key, self.value(value_node, (*path, key))

    def _scalar(self, node: yaml.Node) -> Any:
        kind = str(node.tag).removeprefix(PREFIX)
        match kind:
            case "str":
                return node.value
            case "int":
                return int(node.value)
            case "float":
                return float(node.value)
            case "bool":
                return node.value == "true"
            case "null":
                return None
        self._refuse(node, f"不允许使用标签“{node.tag}”。", f"The tag “{node.tag}” is not allowed.")
        return None

    def _refuse(self, node: yaml.Node, zh: str, en: str) -> None:
        self.faults.append(_fault(self.file, node.start_mark.line + 1, zh, en))


def _fault(file: str, line: int, zh: str, en: str) -> Fault:
    return Fault(file, line, Text(zh, en))
