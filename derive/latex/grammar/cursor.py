"""A place in a row of tokens, and what every construct may ask of the whole grammar there."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from itertools import accumulate

from derive.latex.grammar.choices import Choice, Open
from derive.latex.grammar.syntax import Node
from derive.latex.symbols.table import SymbolTable
from derive.latex.tokens.errors import Unread
from derive.latex.tokens.lexer import Token
from derive.latex.tokens.vocabulary import ACCENTS, FUNCTIONS, LETTERS, NOT_READ
from derive.terms.reasons import Why, because

MAX_DEPTH = 90  # a bracket takes three of these, and about eight Python frames
TIMES = {"\\cdot": "\\cdot", "\\times": "\\times", "*": "*"}
ENTRYWISE = {"\\odot": "\\odot", "\\circ": "\\odot", "\\oslash": "\\oslash"}


class Cursor(ABC):
    """A place in a row of tokens. `notes` tells people of the readings that were chosen, `choices` has them as values.

    `vectors` says whether the notation of vectors is read: gradients, entrywise and inner products.
    """

    def __init__(
        self, tokens: Sequence[Token], source: str, table: SymbolTable, plain: bool = False, vectors: bool = False
    ) -> None:
        self.tokens = tokens
        self.source = source
        self.table = table
        self.plain = plain
        self.vectors = vectors
        self.times = {**TIMES, **ENTRYWISE} if vectors else TIMES
        self.at = 0
        self.depth = 0
        self.bars = 0
        self.notes: list[str] = []
        self.choices: list[Choice] = []
        end = tokens[-1].end if tokens else 0
        self.stop = Token("stop", "", end, end)

    @property
    def tokens(self) -> Sequence[Token]:
        return self._tokens

    @tokens.setter
    def tokens(self, tokens: Sequence[Token]) -> None:
        self._tokens = tokens
        # A superscript is read behind the subscript that is written after it: the last token need not end last.
        self._ends = tuple(accumulate((token.end for token in tokens), max))

    def peek(self, ahead: int = 0) -> Token:
        position = self.at + ahead
        return self.tokens[position] if position < len(self.tokens) else self.stop

    def take(self) -> Token:
        token = self.peek()
        self.at += 1
        return token

    def expect(self, kind: str, text: str = "") -> Token:
        token = self.peek()
        if token.kind != kind or (text and token.text != text):
            raise self.surprise(text or kind)
        return self.take()

    def last_end(self) -> int:
        return self._ends[self.at - 1] if 0 < self.at <= len(self.tokens) else self.peek().start

    def surprise(self, expected: str = "a formula") -> Unread:
        """What to raise about the token that stands here."""
        token = self.peek()
        if token.kind == "stop":
            return Unread(because(Why.ENDS_EARLY), token.start, token.end, expected)
        written = self.source[token.start : token.end]
        if token.kind in ("words", "text"):
            return Unread(because(Why.WORDS_INSIDE, words=repr(written)), token.start, token.end, expected)
        if token.text in NOT_READ:
            return Unread(because(NOT_READ[token.text]), token.start, token.end, expected)
        if token.kind == "command" and token.text not in FUNCTIONS | LETTERS | ACCENTS:
            return Unread(because(Why.UNKNOWN_COMMAND, command=written), token.start, token.end, expected, unknown=True)
        return Unread(because(Why.OUT_OF_PLACE, written=repr(written)), token.start, token.end, expected)

    def note(self, text: str) -> None:
        if text not in self.notes:
            self.notes.append(text)

    def choose(self, open_: Open, taken: str, node: Node) -> None:
        """Record a reading that was chosen; once where the parser comes back to a place."""
        choice = Choice(open_, taken, node.start, node.end)
        if choice not in self.choices:
            self.choices.append(choice)

    def written(self, node: Node) -> str:
        return self.source[node.start : node.end].strip()

    def deeper(self) -> None:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            token = self.peek()
            raise Unread(because(Why.NESTED_TOO_DEEPLY), token.start, token.end)

    # -- the grammar, which the constructs call for what stands inside of them --------------------------------------

    @abstractmethod
    def expression(self) -> Node:
        """A sum, up to what cannot go on with it."""

    @abstractmethod
    def sign_here(self) -> str:
        """The sign that stands here, if one does."""

    @abstractmethod
    def signed_product(self) -> Node:
        """A product after any number of signs."""

    @abstractmethod
    def factor_starts(self) -> bool:
        """Whether a factor can begin here."""

    @abstractmethod
    def factor(self) -> Node:
        """One factor with its powers."""

    @abstractmethod
    def atom(self) -> Node:
        """What powers and subscripts are attached to."""

    @abstractmethod
    def argument(self) -> Node:
        """What follows a command that takes one argument."""

    @abstractmethod
    def postfix(self, node: Node) -> Node:
        """`node` with what is attached to it."""
