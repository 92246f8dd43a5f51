"""Message catalogues without system gettext: extract, compile, check.

Each package keeps `locale/{fi,sv,en}/LC_MESSAGES/django.po`. The source language is English, so
the English catalogue may stay empty; Finnish and Swedish must be complete. Files carry no line
numbers and no dates and are sorted, so that two people's changes merge.
"""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from coordination.catalogue_sources import Key, sources

ROOT = Path(__file__).resolve().parent.parent
LANGUAGES = ("fi", "sv", "en")
COMPLETE = ("fi", "sv")
"""Languages in which a missing text is a fault."""

PACKAGES: dict[str, Path] = {
    "web": Path("coordination/web"),
    "coordination": Path("coordination"),
    "experts": Path("experts"),
    "scheduling": Path("scheduling"),
    "billing": Path("billing"),
    "api": Path("api"),
}

_HEADER = """msgid ""
msgstr ""
"Project-Id-Version: Vuoro\\n"
"Language: {language}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

"""
_PERCENT = re.compile(r"%(?:\((\w+)\))?[-#0 +]*[\d.]*([sdifrxeg])")
_BRACE = re.compile(r"{(\w*)[^{}]*}")


@dataclass(frozen=True)
class Problem:
    """What is wrong with one text of one catalogue."""

    package: str
    language: str
    text: str
    what: str

    def __str__(self) -> str:
        return f"{self.package}/{self.language}: {self.what}: {self.text!r}"


def po_path(package: str, language: str, *, root: Path = ROOT) -> Path:
    """Where a package's catalogue of a language is."""
    return root / PACKAGES[package] / "locale" / language / "LC_MESSAGES" / "django.po"


def extract(package: str, *, root: Path = ROOT) -> dict[Key, str]:
    """Every text of a package's Python and templates, by context and id."""
    folder = root / PACKAGES[package]
    inner = [root / path for path in PACKAGES.values() if root / path != folder]
    return sources(folder, skip=[path for path in inner if path.is_relative_to(folder)])


def read(package: str, language: str, *, root: Path = ROOT) -> Catalog:
    """A catalogue as it is on disk, or an empty one. Raises ValueError if it cannot be read."""
    path = po_path(package, language, root=root)
    if not path.exists():
        return Catalog(locale=language)
    with path.open("rb") as file:
        return read_po(file, locale=language, abort_invalid=True)


def update(package: str, *, root: Path = ROOT) -> dict[str, int]:
    """Write the catalogues anew from the sources, keeping translations.

    Returns how many texts are not translated, by language.
    """
    found = extract(package, root=root)
    missing = {}
    for language in LANGUAGES:
        path = po_path(package, language, root=root)
        if not found and not path.exists():
            continue
        catalogue = _merged(found, read(package, language, root=root), language)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(_HEADER.format(language=language).encode() + _body(catalogue))
        missing[language] = sum(not _is_translated(message) for message in _messages(catalogue))
    return missing


def _merged(found: dict[Key, str], old: Catalog, language: str) -> Catalog:
    new = Catalog(locale=language)
    for (context, text), plural in found.items():
        before = old.get(text, context or None)
        strings = before.string if before else ""
        if before and isinstance(before.id, tuple) != bool(plural):
            strings = ""  # it was one text and is now two, or the other way round
        flags = {"fuzzy"} if before and before.fuzzy else set()
        new.add(
            (text, plural) if plural else text,
            strings,
            context=context or None,
            flags=flags,
        )
    return new


def _body(catalogue: Catalog) -> bytes:
    buffer = BytesIO()
    write_po(buffer, catalogue, width=100, no_location=True, omit_header=True, sort_output=True)
    return buffer.getvalue().rstrip(b"\n") + b"\n"


def compile_one(package: str, language: str, *, root: Path = ROOT) -> Path | None:
    """Write the .mo beside the .po, without the texts not translated; None if there is no .po."""
    path = po_path(package, language, root=root)
    if not path.exists():
        return None
    catalogue = read(package, language, root=root)
    for message in list(_messages(catalogue)):
        if not _is_translated(message):
            catalogue.delete(_id(message), message.context)
    target = path.with_suffix(".mo")
    buffer = BytesIO()
    write_mo(buffer, catalogue)
    fresh = target.with_suffix(f".{os.getpid()}")
    fresh.write_bytes(buffer.getvalue())
    fresh.replace(target)  # a running server never reads half a file
    return target


def compile_stale(*, root: Path = ROOT) -> list[Path]:
    """Compile every catalogue whose .mo is missing or older than its .po."""
    done = []
    for package in PACKAGES:
        for language in LANGUAGES:
            po = po_path(package, language, root=root)
            mo = po.with_suffix(".mo")
            if po.exists() and (not mo.exists() or mo.stat().st_mtime < po.stat().st_mtime):
                compile_one(package, language, root=root)
                done.append(mo)
    return done


def check(package: str, *, root: Path = ROOT) -> list[Problem]:
    """What is wrong with a package's catalogues: out of date, missing, unsure, placeholders."""
    found = extract(package, root=root)
    problems: list[Problem] = []
    for language in LANGUAGES:
        try:
            catalogue = read(package, language, root=root)
        except ValueError as error:
            problems.append(Problem(package, language, str(error), "the file cannot be read"))
            continue
        kept = {(message.context or "", _id(message)): message for message in _messages(catalogue)}
        problems += _out_of_date(package, language, found, kept)
        for message in kept.values():
            problems += [
                Problem(package, language, _id(message), what)
                for what in _faults(message, language)
            ]
    return problems


def check_agreement(*, root: Path = ROOT) -> list[Problem]:
    """Texts that two packages translate differently: only one of them would ever be seen."""
    problems = []
    for language in COMPLETE:
        seen: dict[Key, tuple[str, object]] = {}
        for package in PACKAGES:
            for message in _messages(read(package, language, root=root)):
                if not _is_translated(message):
                    continue
                key = (message.context or "", _id(message))
                other, string = seen.setdefault(key, (package, message.string))
                if string != message.string:
                    what = f"translated otherwise in {other}"
                    problems.append(Problem(package, language, _id(message), what))
    return problems


def _out_of_date(
    package: str, language: str, found: dict[Key, str], kept: dict[Key, Message]
) -> Iterator[Problem]:
    for key in found.keys() - kept.keys():
        yield Problem(package, language, key[1], "not in the catalogue (run --update)")
    for key in kept.keys() - found.keys():
        yield Problem(package, language, key[1], "no longer used (run --update)")
    for key in found.keys() & kept.keys():
        plural = kept[key].id[1] if isinstance(kept[key].id, tuple) else ""
        if plural != found[key]:
            yield Problem(package, language, key[1], "its plural has changed (run --update)")


def _faults(message: Message, language: str) -> Iterator[str]:
    if message.fuzzy:
        yield "marked as unsure (fuzzy)"
    if not _is_translated(message):
        if language in COMPLETE or any(_strings(message)):
            yield "not translated"
        return
    ids = [str(text) for text in message.id] if isinstance(message.id, tuple) else [_id(message)]
    wanted = [placeholders(text) for text in ids]
    for index, text in enumerate(_strings(message)):
        got = placeholders(text)
        # the singular may say "one shift" and leave the number out; the last form may not
        last = index == len(_strings(message)) - 1
        if got != wanted[-1] and (last or not got <= wanted[-1] | wanted[0]):
            yield f"placeholders differ in {text!r}"
        if _edges(text) != _edges(ids[-1]) and _edges(text) != _edges(ids[0]):
            yield f"begins or ends with other white space in {text!r}"


def placeholders(text: str) -> frozenset[str]:
    """The `%(name)s`, `%s` and `{name}` of a text; `%%` is none."""
    bare = text.replace("%%", "")
    percent = {f"%({name}){kind}" if name else f"%{kind}" for name, kind in _PERCENT.findall(bare)}
    return frozenset(percent | {f"{{{name}}}" for name in _BRACE.findall(bare)})


def _edges(text: str) -> tuple[str, str]:
    return text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]


def _messages(catalogue: Catalog) -> Iterator[Message]:
    return (message for message in catalogue if message.id)


def _id(message: Message) -> str:
    return str(message.id[0] if isinstance(message.id, tuple) else message.id)


def _strings(message: Message) -> tuple[str, ...]:
    string = message.string
    return tuple(string) if isinstance(string, tuple | list) else (str(string or ""),)


def _is_translated(message: Message) -> bool:
    return all(_strings(message)) and not message.fuzzy
