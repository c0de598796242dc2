"""YAML with the line of every value, so that a message can say where the mistake is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import yaml

from earshot.events.errors import BadTaxonomy

KeyPath: TypeAlias = tuple[str | int, ...]
"""Where a value stands: keys of mappings and indexes of lists, from the top."""

MAX_VALUES = 200_000  # aliases make more of a small file than fits into memory
MAX_INT_BITS = 64  # Python refuses to write integers of more than 4,300 digits
MAX_SHOWN = 100  # characters of a key in a message


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one value.

    Attributes:
        path: Where it stands, or would stand if it were there.
        message: What is wrong and what is allowed.
    """

    path: KeyPath
    message: str


class LocatedYaml:
    """A YAML file as plain values, and the line on which each stands.

    Attributes:
        file: Where it was read.
        value: Dicts, lists and scalars as YAML 1.1 reads them; keys are always text.
    """

    def __init__(self, file: Path) -> None:
        """Reads the file.

        Raises:
            BadTaxonomy: It cannot be read, is not YAML, says a key twice, or holds more values or
                a larger number than makes sense.
        """
        self.file = file
        self._lines: dict[KeyPath, int] = {}
        text = _read(file)
        try:
            loader = yaml.SafeLoader(text)
            root = loader.get_single_node()
            self.value: Any = self._build(loader, root, ()) if root else None
        except yaml.MarkedYAMLError as error:
            line = error.problem_mark.line + 1 if error.problem_mark else 1
            raise BadTaxonomy(f"{file}:{line}: not YAML: {error.problem}") from None
        except (yaml.YAMLError, ValueError, RecursionError) as error:
            reason = str(error).partition("\n")[0]
            raise BadTaxonomy(f"{file}: not YAML: {reason}") from None

    def place(self, path: KeyPath) -> str:
        """Returns `file:line` of the value at `path`, or of what would hold it."""
        return f"{self.file}:{self._line(path)}"

    def error(self, path: KeyPath, message: str) -> BadTaxonomy:
        """Returns an error that begins with file, line and key of the value at `path`."""
        return BadTaxonomy(f"{self.place(path)}: {_key_text(path)}{message}")

    def errors(self, problems: Iterable[Problem]) -> list[BadTaxonomy]:
        """Returns the problems as errors, each once, in the order of the file."""
        ordered = sorted(dict.fromkeys(problems), key=lambda problem: self._line(problem.path))
        return [self.error(problem.path, problem.message) for problem in ordered]

    def most_telling(self, problems: Iterable[Problem]) -> BadTaxonomy:
        """Returns the deepest problem, the first of them in the file, as an error."""
        told = min(problems, key=lambda p: (-len(self._nearest(p.path)), self._line(p.path)))
        return self.error(told.path, told.message)

    def _nearest(self, path: KeyPath) -> KeyPath:
        while path and path not in self._lines:
            path = path[:-1]
        return path

    def _line(self, path: KeyPath) -> int:
        return self._lines.get(self._nearest(path), 1)

    def _build(self, loader: yaml.SafeLoader, node: yaml.Node, path: KeyPath) -> Any:
        self._lines.setdefault(path, node.start_mark.line + 1)
        if len(self._lines) > MAX_VALUES:
            raise self.error((), f"holds more than {MAX_VALUES:,} values")
        if isinstance(node, yaml.SequenceNode):
            return [
                self._build(loader, item, (*path, index)) for index, item in enumerate(node.value)
            ]
        if isinstance(node, yaml.MappingNode):
            return dict(self._build_pair(loader, key, item, path) for key, item in node.value)
        value = loader.construct_object(node)
        if isinstance(value, int) and value.bit_length() > MAX_INT_BITS:
            raise self.error(path, "is too large a number")
        return value

    def _build_pair(
        self, loader: yaml.SafeLoader, key_node: yaml.Node, node: yaml.Node, path: KeyPath
    ) -> tuple[str, Any]:
        key = str(key_node.value)
        is_second = (*path, key) in self._lines
        self._lines[*path, key] = key_node.start_mark.line + 1
        if is_second:
            raise self.error((*path, key), "the key is said twice")
        return key, self._build(loader, node, (*path, key))


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except OSError as error:
        raise BadTaxonomy(f"{file}: cannot be read: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise BadTaxonomy(f"{file}: not UTF-8 text: {error.reason}") from None


def _key_text(path: KeyPath) -> str:
    parts = (f"[{part}]" if isinstance(part, int) else f".{_shown(part)}" for part in path)
    text = "".join(parts)
    return f"{text.removeprefix('.')}: " if text else ""


def _shown(key: str) -> str:
    """Returns a key on one line: what cannot be printed is escaped, what is long is cut."""
    text = key if key.isprintable() else repr(key)[1:-1]
    return text if len(text) <= MAX_SHOWN else f"{text[:MAX_SHOWN]}…"
