"""Where a long Finnish or Swedish word may be broken: not every browser knows, so names carry it."""

import re

SOFT_HYPHEN = "\N{SOFT HYPHEN}"
LONG = 15
"""Letters from which a word gets soft hyphens; shorter ones fit any column of ours."""
EDGE = 3
"""So many letters stay on either side of a break."""

_WORD = re.compile(rf"\w{{{LONG},}}")
_SYLLABLE = re.compile(r"(?<=\w)(?=[bcdfghjklmnpqrstvwxzšž][aeiouyäöå])", re.IGNORECASE)


def soften(text: str) -> str:
    """The text with soft hyphens in its long words, before each consonant that a vowel follows.

    That is where Finnish syllables begin, and Swedish allows it too (one consonant goes to the next
    line); in a language whose syllables begin elsewhere, do not.
    """
    return _WORD.sub(lambda found: _soften_word(found[0]), text)


def _soften_word(word: str) -> str:
    breaks = [m.start() for m in _SYLLABLE.finditer(word) if EDGE <= m.start() <= len(word) - EDGE]
    ends = [*breaks, len(word)]
    return SOFT_HYPHEN.join(word[begin:end] for begin, end in zip([0, *breaks], ends, strict=True))
