"""Matrix notation written out, in LaTeX and in plain characters."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum

from sympy import Expr, S, Symbol

from derive.terms.context import Context
from derive.terms.elementary import ROWS
from derive.terms.terms import Call, family, scalar
from derive.writing.raising import shaped
from derive.writing.raising.building import unsigned
from derive.writing.raising.shaped import NONE, Shaped
from derive.writing.writer import latex, text

_TALL = re.compile(r"\\(?:frac|sum|sqrt|left)\b")


class Tight(IntEnum):
    """How tightly a piece holds together: what is looser than its place needs brackets."""

    TOTAL = 0
    ENTRYWISE = 1
    PRODUCT = 2
    PREFIX = 3
    ATOM = 4


@dataclass(frozen=True)
class Pieces:
    """How the parts of matrix notation look; in a template ``{0}`` is what was written, and ``{1}`` what comes second."""

    term: Callable[[Expr, Context], str]
    bracket: Callable[[str], str]
    ones: str
    transposed: str
    inverted: str
    entrywise: str
    fraction: str
    diagonal: str
    trace: str
    determinant: str
    norm: str
    frobenius: str
    power: str
    root: str
    exponential: str
    function: Callable[[str], str]
    nabla: str
    partial: str
    hessian: str
    compound: str
    over: str


def _command(function: str) -> str:
    """The command of an elementary function."""
    return next((row.command for row in ROWS if row.written == function), rf"\operatorname{{{function}}}")


def _brackets(inside: str) -> str:
    """Brackets as tall as what they hold."""
    return rf"\left({inside}\right)" if _TALL.search(inside) else f"({inside})"


LATEX = Pieces(
    latex,
    _brackets,
    r"\mathbf{{1}}",
    r"{0}^\top",
    "{0}^{{-1}}",
    r" \odot ",
    r"\frac{{{0}}}{{{1}}}",
    r"\operatorname{{diag}}({0})",
    r"\operatorname{{tr}}({0})",
    r"\det({0})",
    r"\|{0}\|",
    r"\|{0}\|_F",
    "{0}^{{{1}}}",
    r"\sqrt{{{0}}}",
    "e^{{{0}}}",
    _command,
    r"\nabla_{{{1}}} {0}",
    r"\frac{{\partial {0}}}{{\partial {1}}}",
    r"\frac{{\partial^2 {0}}}{{\partial {1} \partial {1}^\top}}",
    r"\frac{{\partial}}{{\partial {1}}} {0}",
    r"\sum_{{{0}={1}}}^{{{2}}} {3}",
)
PLAIN = Pieces(
    text,
    "({0})".format,
    "1",
    "{0}^T",
    "{0}^-1",
    " .* ",
    "{0}/{1}",
    "diag({0})",
    "tr({0})",
    "det({0})",
    "||{0}||",
    "||{0}||_F",
    "{0}^{1}",
    "sqrt({0})",
    "exp({0})",
    str,
    "nabla_{1} {0}",
    "d{0}/d{1}",
    "d^2{0}/(d{1} d{1}^T)",
    "d/d{1} {0}",
    "sum_({0}={1}..{2}) {3}",
)


@dataclass(frozen=True)
class Written:
    """A piece, and how tightly it holds together."""

    source: str
    tight: Tight = Tight.ATOM


@dataclass(frozen=True)
class Printer:
    """Writes in one notation.

    Attributes:
        pieces: the notation.
        context: which ranges need not be written.
        spelled: families that are spelled otherwise than by their names, as ``z`` that is written ``\\mathbf{z}``.
        nabla: whether gradients of numbers are written with a nabla.
    """

    pieces: Pieces
    context: Context
    spelled: Mapping[str, str]
    nabla: bool = False

    def __call__(self, whole: Shaped) -> str:
        """The source."""
        return self._write(whole).source

    def _write(self, one: Shaped) -> Written:
        pieces = self.pieces
        match one:
            case shaped.Number(term):
                return self._number(term)
            case shaped.Name(name, indices):
                return Written(self._name(name, indices))
            case shaped.Ones():
                return Written(pieces.ones.format())
            case shaped.Identity():
                return Written("I")
            case shaped.Transposed(of):
                return Written(pieces.transposed.format(self._tight(of, Tight.ATOM, bare=True)))
            case shaped.Inverted(of):
                return Written(pieces.inverted.format(self._tight(of, Tight.ATOM, bare=True)))
            case shaped.Product(factors):
                return self._product(factors)
            case shaped.Entrywise(factors):
                source = pieces.entrywise.join(self._tight(factor, Tight.PREFIX) for factor in factors)
                return Written(source, Tight.ENTRYWISE)
            case shaped.Total(terms):
                return self._total(terms)
            case shaped.Quotient(above, below):
                return self._quotient(above, below)
            case shaped.Diagonal(of):
                return Written(pieces.diagonal.format(self._write(of).source))
            case shaped.Trace(of):
                return Written(pieces.trace.format(self._write(of).source))
            case shaped.Determinant(of):
                return Written(pieces.determinant.format(self._write(of).source))
            case shaped.Norm(of):
                form = pieces.frobenius if of.axes == shaped.MATRIX else pieces.norm
                return Written(form.format(self._write(of).source))
            case shaped.Power(of, exponent):
                return self._power(of, exponent)
            case shaped.Applied():
                return self._applied(one)
            case shaped.Gradient():
                return self._gradient(one)
            case shaped.Repeated(index, low, high, body):
                ends = [pieces.term(end, self.context) for end in (low, high)]
                source = pieces.over.format(index.name, *ends, self._tight(body, Tight.PRODUCT))
                return Written(source, Tight.ENTRYWISE)
        raise TypeError(f"no notation for {type(one).__name__}")

    def _tight(self, one: Shaped, least: Tight, bare: bool = False) -> str:
        """A piece in brackets where it is looser than `least`; `bare` only what is no power or letter of its own."""
        written = self._write(one)
        loose = bare and not isinstance(one, (shaped.Name, shaped.Ones, shaped.Identity, shaped.Number))
        return self.pieces.bracket(written.source) if written.tight < least or loose else written.source

    def _number(self, term: Expr) -> Written:
        source = self.pieces.term(term, self.context)
        if term.is_Add:
            return Written(source, Tight.TOTAL)
        return Written(source, Tight.TOTAL if source.startswith("-") else Tight.PRODUCT if term.is_Mul else Tight.ATOM)

    def _name(self, name: str, indices: Sequence[Expr]) -> str:
        plain: Expr = family(name)[tuple(indices)] if indices else scalar(name)
        if name not in self.spelled:
            return self.pieces.term(plain, self.context)
        own = self.spelled[name] if self.pieces is LATEX else self.pieces.term(scalar(self.spelled[name]), self.context)
        below = [self.pieces.term(index, self.context) for index in indices]
        return f"{own}_{{{','.join(below)}}}" if below else own

    def _product(self, factors: Sequence[Shaped]) -> Written:
        first, *others = factors
        minus, rest = unsigned(first) if first.axes == NONE else (False, first)
        numbers = [factor for factor in (rest, *others) if factor.axes == NONE and factor != shaped.Number(S.One)]
        chain = [factor for factor in (rest, *others) if factor.axes != NONE]
        alone = not chain and len(numbers) == 1
        pieces = [self._front(number, bool(chain)) if not alone else self._write(number).source for number in numbers]
        pieces += [self._tight(factor, Tight.PREFIX) for factor in chain]
        source = " ".join(pieces)
        return Written(f"-{source}", Tight.TOTAL) if minus else Written(source, Tight.PRODUCT)

    def _front(self, number: Shaped, before_chain: bool) -> str:
        """A number before a chain: one that is a chain itself stands in brackets."""
        inside = isinstance(number, shaped.Product) and before_chain or isinstance(number, shaped.Applied)
        return self._tight(number, Tight.PREFIX if inside else Tight.PRODUCT)

    def _total(self, terms: Sequence[tuple[bool, Shaped]]) -> Written:
        source = ""
        for minus, term in terms:
            written = self._write(term)
            inside = self.pieces.bracket(written.source) if written.tight == Tight.TOTAL else written.source
            source += (" - " if minus else " + ") + inside if source else ("-" if minus else "") + inside
        return Written(source, Tight.TOTAL)

    def _quotient(self, above: Shaped, below: Shaped) -> Written:
        minus, rest = unsigned(above)
        if self.pieces is LATEX:
            source = self.pieces.fraction.format(self._write(rest).source, self._write(below).source)
            return Written(f"-{source}", Tight.TOTAL) if minus else Written(source)
        source = self.pieces.fraction.format(self._tight(rest, Tight.PRODUCT), self._tight(below, Tight.ATOM))
        return Written(f"-{source}", Tight.TOTAL) if minus else Written(source, Tight.PRODUCT)

    def _power(self, of: Shaped, exponent: Expr) -> Written:
        if exponent == S.Half:
            return Written(self.pieces.root.format(self._write(of).source))
        above = self.pieces.term(exponent, self.context)
        alone = isinstance(of, (shaped.Norm, shaped.Number))
        inside = self._tight(of, Tight.ATOM, bare=not alone)
        return Written(self.pieces.power.format(inside, above).replace("^{2}", "^2"))

    def _applied(self, one: shaped.Applied) -> Written:
        inside = self._write(one.of).source
        if one.function == "exp" and one.known:
            return Written(self.pieces.exponential.format(inside), Tight.PREFIX)
        if not one.known:
            call = self.pieces.term(Call(one.function, [Symbol("x", real=True)], one.orders), self.context)
            return Written(call.removesuffix("(x)") + self.pieces.bracket(inside), Tight.PREFIX)
        return Written(self.pieces.function(one.function) + self.pieces.bracket(inside), Tight.PREFIX)

    def _gradient(self, one: shaped.Gradient) -> Written:
        by = self._write(one.by).source
        simple = isinstance(one.of, shaped.Name) or isinstance(one.of, shaped.Number) and not one.of.term.args
        inside = self._write(one.of).source
        alone = simple or isinstance(one.of, (shaped.Power, shaped.Norm))
        bracketed = inside if alone else self.pieces.bracket(inside)
        if one.count == 2:
            if self.nabla:
                return Written(self.pieces.nabla.format(bracketed, by).replace("nabla_", "nabla^2_", 1), Tight.PRODUCT)
            form = self.pieces.hessian if simple else self.pieces.compound
            return Written(form.format(bracketed, by), Tight.PREFIX if simple else Tight.PRODUCT)
        if self.nabla and one.of.axes == NONE and one.by.axes != NONE:
            return Written(self.pieces.nabla.format(bracketed, by), Tight.PRODUCT)
        if simple:
            return Written(self.pieces.partial.format(inside, by), Tight.ATOM)
        return Written(self.pieces.compound.format(bracketed, by), Tight.PRODUCT)
