"""Activity kinds by the words registers use for them."""

from collections.abc import Iterable

from coordination.models import ActivityKind
from coordination.register_import.register import Register
from coordination.register_import.sheets import ParsedRow
from coordination.workbook.problems import Problem
from coordination.workbook.words import name_key


def publish_kinds(register: Register) -> None:
    """Makes all activity kinds known by code and by their names in all languages."""
    for word in kinds_by_word(register):
        register.names_of("kind").add(word, stored=True)


def kinds_by_word(register: Register) -> dict[str, ActivityKind]:
    """Activity kinds by name key; a short word as in «vastaanotto» finds the one kind whose name
    ends with it.
    """
    return register.cached("kinds", _kinds_by_word)


def _kinds_by_word() -> dict[str, ActivityKind]:
    found: dict[str, ActivityKind] = {}
    endings: dict[str, list[ActivityKind]] = {}
    for kind in ActivityKind.objects.filter(is_active=True):
        for name in (kind.code, kind.name_fi, kind.name_sv, kind.name_en):
            key = name_key(name)
            found.setdefault(key, kind)
            for start in range(1, max(len(key) - 3, 1)):
                endings.setdefault(key[start:].strip(), []).append(kind)
    for ending, kinds in endings.items():
        if len(set(kinds)) == 1:
            found.setdefault(ending, kinds[0])
    return found


def check_kinds(register: Register, row: ParsedRow, name: str) -> Iterable[Problem]:
    """Checks the kinds a cell lists (or the one it names)."""
    words = row.get(name)
    for word in [words] if isinstance(words, str) else words or []:
        yield from register.refer(row, name, "kind", "unknown_kind", one=word)


def kinds_of(register: Register, row: ParsedRow, name: str) -> list[ActivityKind]:
    """The kinds a checked cell lists, each once."""
    words = row.get(name)
    known = kinds_by_word(register)
    listed = [words] if isinstance(words, str) else words or []
    return list(dict.fromkeys(known[name_key(word)] for word in listed))
