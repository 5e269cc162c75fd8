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
    `usual` are bold names whose letter is a family, with the shapes that those have by custom.
    """

    lengths: Lengths
    plain: frozenset[str]
    turned: frozenset[str] = frozenset()
    shapes: dict[tuple[str, int], Shape] = field(default_factory=dict)
    called: set[str] = field(default_factory=set)
    square: frozenset[str] = frozenset()
    columns: frozenset[str] = frozenset()
    usual: dict[str, Shape] = field(default_factory=dict)

    def of_family(self, text: str, usual: Shape | None) -> Shape | None:
        """The guess for a bold name whose letter is a family, of which only custom says the `usual` ranges, if any."""
        found = self.of(text, 0)
        if found is not None and usual is not None:
            self.usual.setdefault(text, usual)
        return found

    def settle(self) -> None:
        """Give up the guesses for letters that can be families with their usual ranges."""
        for text, usual in sorted(self.usual.items()):
            guess = self.shapes.get((text, 0))
            if guess is not None and self.lengths.unified(guess, usual) is not None:
                del self.shapes[text, 0]

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
