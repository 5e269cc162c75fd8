"""Whether a document is written in a language whose words are known."""

from __future__ import annotations

from collections.abc import Iterable

from derive.narrative.words.grammar import matched
from derive.narrative.words.tables import GAP, LANGUAGES, table, words_of

_FEWEST = 12
"""Fewer words than these tell no language."""
_KNOWN = 0.35
"""The share of known words below which a language is foreign. Of texts in a known one half the words and more are known, of
those in another, where articles and names of methods look alike, less than a third."""


def is_foreign(texts: Iterable[str]) -> bool:
    """Whether the words of `texts` belong to no language of which there is a table: what they say of names is not known.

    >>> is_foreign(["On obtient avec la règle de la chaîne et selon les hypothèses pour chaque poids du réseau"])
    True
    >>> is_foreign(["By the chain rule we have for each weight of the network that the following holds"])
    False
    """
    words = [(word, place) for text in texts for word, place in words_of(text) if word != GAP and (len(word) > 1 or word > "z")]
    unknown = min(sum(row is None for _, row in matched(words, table(language))) for language in LANGUAGES)
    return len(words) >= _FEWEST and len(words) - unknown < _KNOWN * len(words)
