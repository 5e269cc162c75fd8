"""The shapes that undeclared names in bold type or below a transpose are guessed to have, until use tells the lengths."""

from __future__ import annotations

from dataclasses import dataclass, field

from derive.latex.vectors.bold import ONES, ZEROS, inner_name
from derive.latex.vectors.shape import Lengths, Shape


@dataclass
class Guesses:
    """The shapes of undeclared bold names, with lengths that are open still; letters of `plain` are none of them.

    `turned` are plain names that stand below a transpose, or behind one that does.
    `called` are plain names that are guessed like bold ones, `square` those of them that have as many rows as columns,
    `columns` those that are no matrices whatever their letter.
    """

    lengths: Lengths
    plain: frozenset[str]
    turned: frozenset[str] = frozenset()
    shapes: dict[tuple[str, int], Shape] = field(default_factory=dict)
    called: set[str] = field(default_factory=set)
    square: frozenset[str] = frozenset()
    columns: frozenset[str] = frozenset()

    def of(self, text: str, indices: int) -> Shape | None:
        """A column for a small letter, a matrix for a name with a capital; None for a name that is neither bold nor turned."""
        name, bold = inner_name(text)
        if text in self.turned | self.called and not indices:
            bold = True
        if not bold or name in self.plain or name in (ONES, ZEROS):
            return None
        capital = any(letter.isupper() for letter in name) and name not in self.columns
        side = self.lengths.fresh() if name in self.square else None
        made = (
            Shape(side, side)
            if side is not None
            else Shape(self.lengths.fresh(), self.lengths.fresh())
            if capital
            else Shape(self.lengths.fresh())
        )
        return self.shapes.setdefault((text, indices), made)
