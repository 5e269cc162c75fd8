"""Names for Coq: letters, digits and underscores only, so that no name of a document can say anything else.

Every name that comes from a document ends with an underscore (and a number where two would be equal): no keyword and
no name of the vocabulary does.
"""

from __future__ import annotations

import re
import unicodedata

from sympy import Symbol

_KEPT = re.compile(r"[^A-Za-z0-9]")
LONGEST = 24


def plain(name: str) -> str:
    r"""The ASCII letters and digits of a name, from its first letter on; ``x`` where there is none.

    >>> plain("\\tau"), plain("τ"), plain("w'"), plain("). Axiom a : False. (*")
    ('tau', 'tau', 'w', 'AxiomaFalse')
    """
    spelt = "".join(c if c.isascii() else _spelt(c) for c in name)
    return _KEPT.sub("", spelt).lstrip("0123456789")[:LONGEST] or "x"


def _spelt(character: str) -> str:
    """The last word of the character's Unicode name, GREEK SMALL LETTER TAU."""
    return unicodedata.name(character, "").rpartition(" ")[2].lower()


class Names:
    """The names of one certificate: each key has one, and no two keys the same."""

    def __init__(self) -> None:
        self._taken: set[str] = set()
        self._known: dict[object, str] = {}
        self._labels = 0

    def of(self, key: object, wish: str) -> str:
        """The name of `key`, made of `wish` where it has none yet."""
        known = self._known.get(key)
        if known is None:
            known = self._known[key] = self.fresh(wish)
        return known

    def index(self, symbol: Symbol) -> str:
        """The name of an index symbol."""
        return self.of(symbol, symbol.name)

    def fresh(self, wish: str) -> str:
        """A name that nothing else has."""
        stem, number = plain(wish), 1
        name = f"{stem}_"
        while name in self._taken:
            number += 1
            name = f"{stem}__{number}"
        self._taken.add(name)
        return name

    def label(self, letter: str) -> str:
        """A name for a fact of a proof script."""
        self._labels += 1
        return f"{letter}_{self._labels}"
