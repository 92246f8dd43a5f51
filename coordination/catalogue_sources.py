"""Finds the texts to translate in Python files (by their syntax tree) and in Django templates."""

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from django.utils.translation.template import templatize

Key = tuple[str, str]
"""Context ("" if none) and the text (the singular)."""

_MODULE = "django.utils.translation"
_SHAPES: dict[str, tuple[str, ...]] = {
    "gettext": ("text",),
    "pgettext": ("context", "text"),
    "ngettext": ("text", "plural"),
    "npgettext": ("context", "text", "plural"),
}
_SKIPPED_FOLDERS = {"locale", "migrations", "static", "tests", "__pycache__", "node_modules"}
_TEMPLATE_CALL = re.compile(r"\b(gettext|ngettext|pgettext|npgettext|_)\(")
_LITERAL = re.compile(r"""\s*u?("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')\s*,?""", re.DOTALL)


class UnreadableTextError(ValueError):
    """A call to gettext whose text cannot be known beforehand."""


def sources(folder: Path, *, skip: Iterable[Path] = ()) -> dict[Key, str]:
    """Every text under a folder with its plural ("" if it has none).

    Raises UnreadableTextError for a computed text given to gettext.
    """
    found: dict[Key, str] = {}
    for path in _files(folder, set(skip)):
        text = path.read_text(encoding="utf-8")
        calls = _python(text, path) if path.suffix == ".py" else _template(text, path)
        for shape, values in calls:
            parts = dict(zip(_SHAPES[shape], values, strict=True))
            key = (parts.get("context", ""), parts["text"])
            found[key] = parts.get("plural", "") or found.get(key, "")
    return found


def _files(folder: Path, skip: set[Path]) -> Iterator[Path]:
    for path in sorted(folder.iterdir()):
        if path.is_dir():
            if path.name not in _SKIPPED_FOLDERS and path not in skip:
                yield from _files(path, skip)
        elif path.suffix == ".py" or (
            path.suffix in {".html", ".txt", ".xml"} and "templates" in path.parts
        ):
            yield path


def _python(text: str, path: Path) -> Iterator[tuple[str, list[str]]]:
    tree = ast.parse(text)
    names = _aliases(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and (shape := _shape(node.func, names)):
            yield shape, [_constant(arg, path) for arg in node.args[: len(_SHAPES[shape])]]


def _aliases(tree: ast.Module) -> dict[str, str]:
    """What this file calls Django's functions: {"_": "gettext", "ngettext_lazy": "ngettext"}."""
    names = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == _MODULE:
            for alias in node.names:
                shape = _plain(alias.name)
                if shape in _SHAPES:
                    names[alias.asname or alias.name] = shape
    return names


def _plain(name: str) -> str:
    return name.removesuffix("_lazy").removesuffix("_noop")


def _shape(func: ast.expr, names: dict[str, str]) -> str | None:
    if isinstance(func, ast.Name):
        return names.get(func.id)
    if not isinstance(func, ast.Attribute) or not isinstance(func.value, ast.Name):
        return None
    known = func.value.id == "translation" and _plain(func.attr) in _SHAPES
    return _plain(func.attr) if known else None


def _constant(node: ast.expr, path: Path) -> str:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    raise UnreadableTextError(
        f"{path.name}:{node.lineno}: give gettext a plain text, not a computed one"
    )


def _template(text: str, path: Path) -> Iterator[tuple[str, list[str]]]:
    code = templatize(text, origin=str(path))
    for call in _TEMPLATE_CALL.finditer(code):
        shape = "gettext" if call[1] == "_" else call[1]
        values: list[str] = []
        at = call.end()
        while len(values) < len(_SHAPES[shape]) and (literal := _LITERAL.match(code, at)):
            values.append(str(ast.literal_eval(literal[1])))
            at = literal.end()
        if len(values) == len(_SHAPES[shape]):
            yield shape, values
