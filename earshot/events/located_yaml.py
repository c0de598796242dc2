"""YAML with the line of every value, so that a message can say where the mistake is."""

from __future__ import annotations

from pathlib import Path
from typing import Any, TypeAlias

import yaml

from earshot.events.errors import BadTaxonomy

KeyPath: TypeAlias = tuple[str | int, ...]
"""Where a value stands: keys of mappings and indexes of lists, from the top."""


class LocatedYaml:
    """A YAML file as plain values, and the line on which each stands.

    Attributes:
        file: Where it was read.
        value: Dicts, lists and scalars as YAML 1.1 reads them; keys are always text.
    """

    def __init__(self, file: Path) -> None:
        """Reads the file.

        Raises:
            BadTaxonomy: It cannot be read, is not YAML, or says a key twice.
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

    def error(self, path: KeyPath, message: str) -> BadTaxonomy:
        """Returns an error that begins with file, line and key of the value at `path`."""
        known = (path[:length] for length in range(len(path), -1, -1))
        line = next((self._lines[start] for start in known if start in self._lines), 1)
        return BadTaxonomy(f"{self.file}:{line}: {_key_text(path)}{message}")

    def _build(self, loader: yaml.SafeLoader, node: yaml.Node, path: KeyPath) -> Any:
        self._lines.setdefault(path, node.start_mark.line + 1)
        if isinstance(node, yaml.SequenceNode):
            return [
                self._build(loader, item, (*path, index)) for index, item in enumerate(node.value)
            ]
        if isinstance(node, yaml.MappingNode):
            return dict(self._build_pair(loader, key, item, path) for key, item in node.value)
        return loader.construct_object(node)

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
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)
    return f"{text.removeprefix('.')}: " if text else ""
