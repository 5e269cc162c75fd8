r"""A formula cut into tokens, once: whoever asks something of its LaTeX asks these tokens.

Where a character is not read, the tokens go on behind it, so that what the rest shows of names and ranges is seen; the
formula itself is unread, with the first such place as the reason.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from derive.latex.tokens.errors import Unread, UnreadPart
from derive.latex.tokens.lexer import Token, lexed
from derive.latex.tokens.plain import spoken, worded
from derive.latex.tokens.spellings import settled


@dataclass(frozen=True)
class Cut:
    """The tokens of the formula `text`; `plain` says that it is plain text, `problem` why it cannot be read as a whole."""

    text: str
    tokens: tuple[Token, ...]
    plain: bool = False
    problem: UnreadPart | None = None

    def named(self, names: frozenset[str] = frozenset()) -> tuple[Token, ...]:
        """The tokens, those of plain text with the known `names` of several letters; raises :class:`Unread`."""
        if self.problem is not None:
            raise Unread(self.problem.reason, self.problem.start, self.problem.end, self.problem.expected)
        return worded(self.tokens, names) if self.plain else self.tokens

    def between(self, start: int, end: int) -> tuple[Token, ...]:
        """The tokens that stand between two places of the text."""
        return tuple(token for token in self.tokens if start <= token.start and token.end <= end)


def cut(text: str, plain: bool = False) -> Cut:
    """The formula `text` in tokens; never raises.

    >>> cut("a_i = \u263a").problem.start, [token.text for token in cut("a_i = \u263a").tokens]
    (6, ['a', '_', 'i', '=', '\u263a'])
    """
    found, problem = lexed(spoken(text) if plain else text)
    return Cut(text, found if plain else settled(found), plain, problem)


def cuts(formulas: Iterable[str | Cut]) -> tuple[Cut, ...]:
    """Formulas in tokens; those that are LaTeX still are cut."""
    return tuple(cut(formula) if isinstance(formula, str) else formula for formula in formulas)
