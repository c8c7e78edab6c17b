"""YAML read with line numbers, and without the constructs that make a stranger's file dangerous."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import yaml

# Real content nests three deep; anything far beyond is a mistake or an attack on the parser's stack.
_MAX_DEPTH = 20
_DIRECTIVE = re.compile(r"^%", re.MULTILINE)
# For YAML these end a line; for whoever opens the file in an editor they do not.
_RARE_LINE_ENDS = str.maketrans(dict.fromkeys("\x85\u2028\u2029", " "))

try:
    from yaml import CSafeLoader as _Loader
except ImportError:  # PyYAML without libyaml: the same result, slower
    from yaml import SafeLoader as _Loader  # type: ignore[assignment]


class YamlError(ValueError):
    """YAML that cannot be used; `line` counts from 1 inside the text given."""

    def __init__(self, message: str, line: int) -> None:
        super().__init__(message)
        self.line = line


@dataclass(frozen=True, slots=True)
class Entry:
    """One `key: value` of a mapping, with the line of its key (from 1) and the node of its value."""

    key: str
    line: int
    node: yaml.Node

    def text(self) -> str | None:
        """Return the value as one trimmed string, or None when it is not a plain value."""
        if not isinstance(self.node, yaml.ScalarNode):
            return None
        return " ".join(str(self.node.value).split())

    def texts(self) -> list[str] | None:
        """Return the value as a list of strings (one string counts as a list of one), or None."""
        if isinstance(self.node, yaml.ScalarNode):
            value = self.text()
            return [value] if value else []
        if not isinstance(self.node, yaml.SequenceNode):
            return None
        items = [item.value for item in self.node.value if isinstance(item, yaml.ScalarNode)]
        return [str(item).strip() for item in items] if len(items) == len(self.node.value) else None

    def lined_texts(self) -> list[tuple[str, int]] | None:
        """Return the value as a list of strings, each with its line; None when it is not one."""
        if not isinstance(self.node, yaml.SequenceNode):
            return None
        items = [item for item in self.node.value if isinstance(item, yaml.ScalarNode)]
        if len(items) != len(self.node.value):
            return None
        return [(" ".join(str(item.value).split()), _line(item.start_mark)) for item in items]

    def entries(self) -> list[Entry] | None:
        """Return the value as the entries of a mapping, or None when it is not one."""
        return list(_entries(self.node)) if isinstance(self.node, yaml.MappingNode) else None


def read_mapping(text: str) -> list[Entry]:
    """Read a YAML mapping; an empty text is an empty mapping.

    Raises:
        YamlError: the text is not YAML, not a mapping, nests too deep, uses aliases or directives, or repeats a key.
    """
    text = text.translate(_RARE_LINE_ENDS)
    try:
        _refuse_traps(text)
        root = yaml.compose(text, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        # What is missing at the end is missed one line later.
        line = min(_line(mark), max(1, text.rstrip("\n").count("\n") + 1))
        raise YamlError(error.problem or "not valid YAML", line) from error
    except yaml.YAMLError as error:
        raise YamlError(str(error).splitlines()[0], 1) from error
    except RecursionError as error:
        raise YamlError("nested too deep", 1) from error
    if root is None:
        return []
    if not isinstance(root, yaml.MappingNode):
        raise YamlError("expected `key: value` lines", root.start_mark.line + 1)
    entries = list(_entries(root))
    seen: dict[str, int] = {}
    for entry in entries:
        if entry.key in seen:
            raise YamlError(f"`{entry.key}` appears again (first on line {seen[entry.key]})", entry.line)
        seen[entry.key] = entry.line
    return entries


def _refuse_traps(text: str) -> None:
    """Refuse what costs the parser dear, before building any tree.

    A few lines of aliases can expand to gigabytes, deep nesting exhausts the stack, and each directive is compared
    with all before it.
    """
    if directive := _DIRECTIVE.search(text):
        raise YamlError("directives (`%...`) are not allowed", text.count("\n", 0, directive.start()) + 1)
    depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        if isinstance(event, yaml.AliasEvent):
            raise YamlError("aliases (`*name`) are not allowed", _line(event.start_mark))
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > _MAX_DEPTH:
                raise YamlError("nested too deep", _line(event.start_mark))
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1


def _line(mark: Any) -> int:
    return int(mark.line) + 1 if mark is not None else 1


def _entries(node: yaml.MappingNode) -> Iterator[Entry]:
    for key, value in node.value:
        if not isinstance(key, yaml.ScalarNode):
            raise YamlError("keys must be plain words", key.start_mark.line + 1)
        yield Entry(str(key.value), key.start_mark.line + 1, value)
