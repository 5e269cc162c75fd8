"""The formulas of a document in tokens, each cut once, with names as the whole document writes them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from derive.documents import Formula
from derive.latex.symbols.labels import joined
from derive.latex.tokens.changes import names_delta, without_changes
from derive.latex.tokens.cut import Cut, cut
from derive.latex.tokens.lexer import Token
from derive.narrative.names.shaped import labels_in


class Cutting:
    """The tokens of formulas: a name with a label is one; Δ before a name is a change of it unless the document gives Δ."""

    def __init__(self) -> None:
        self.cuts: dict[tuple[str, bool], Cut] = {}
        self.delta_named = False
        self.scripted: frozenset[str] = frozenset()

    def _settle(self, texts: Sequence[Cut]) -> list[Cut]:
        """The formulas again, once all of them have shown which names they write."""
        self.delta_named = any(names_delta(each.tokens) for each in texts)
        self.scripted = labels_in(replace(each, tokens=self._named(each.tokens)) for each in texts)
        if self.delta_named or self.scripted:
            self.cuts = {key: replace(found, tokens=self._named(found.tokens)) for key, found in self.cuts.items()}
        return [self._cut(each.text) for each in texts]

    def _named(self, row: tuple[Token, ...]) -> tuple[Token, ...]:
        return joined(without_changes(row) if self.delta_named else row, self.scripted)

    def _cut(self, latex: str, plain: bool = False) -> Cut:
        """A formula in tokens; it is cut once."""
        key = latex, plain
        if key not in self.cuts:
            found = cut(latex, plain)
            self.cuts[key] = replace(found, tokens=self._named(found.tokens))
        return self.cuts[key]

    def _cut_of(self, formula: Formula) -> Cut:
        return self._cut(formula.latex, formula.kind == "plain")
