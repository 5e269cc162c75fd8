"""What may be used of a context while normalising: ranges, distinct indices, signs, and equations as rewrite rules."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from sympy import Add, Basic, Expr, Integer, Mul, Symbol

from derive.normal.algebra.exponents import leading_term
from derive.normal.algebra.polynomial import Atom, Monomial, Poly
from derive.terms.context import Assumption, Context, Range
from derive.terms.elementary import POSITIVE

INVERSE, DETERMINANT, EXPONENTIAL = "inverse of ", "determinant of ", "exponential of "


def is_made(atom: Atom) -> bool:
    """Whether a member is an entry of an inverse or of an exponential, or a determinant, which no term names as a member."""
    return atom.kind == "member" and atom.data[0].startswith((INVERSE, DETERMINANT, EXPONENTIAL))


@dataclass(frozen=True)
class Signed:
    """All members of a family whose positions lie in `spans` are > 0 (`strict`) or ≥ 0."""

    spans: tuple[Range, ...]
    strict: bool
    assumption: Assumption


@dataclass(frozen=True)
class Hot:
    """The members of a family whose position lies in `span` are δ with `place`."""

    place: Expr
    span: Range
    assumption: Assumption


@dataclass(frozen=True)
class Exchange:
    """The members whose positions both lie in `span` keep their value when these are exchanged, times `sign` (1 or -1)."""

    sign: int
    span: Range
    assumption: Assumption | None


@dataclass(frozen=True)
class Diagonal:
    """The members whose positions both lie in `span` are 0 unless these are equal."""

    span: Range
    assumption: Assumption


@dataclass(frozen=True)
class Letter:
    """A member of a word: the name of its family, and its positions, each a bound or a wild index of the word's rule."""

    name: str
    positions: tuple[Expr, ...]


@dataclass(frozen=True)
class Rule:
    """The sum of the product of the letters over the `bound` indices is `value`, for all values of the indices `wild`."""

    letters: tuple[Letter, ...]
    bound: tuple[tuple[Symbol, Range], ...]
    wild: tuple[Symbol, ...]
    value: Poly
    assumption: Assumption | None


@dataclass(frozen=True)
class Square:
    """A square matrix: its entry at the row and the column of `places`, which both run over `span`."""

    entry: Poly
    span: Range
    places: tuple[Symbol, Symbol]


@dataclass
class Knowledge:
    """Filled by :func:`derive.normal.normaliser.normaliser`; the sets `used` grow while a claim is decided.

    Attributes:
        ranges: the range of each index symbol, bound ones included.
        minimum: the least value of each size (1 where nothing is said).
        distinct: pairs of index expressions that differ.
        ordered: index expressions that an assumption says are ≥ 0.
        positive: for each atom or polynomial known to be positive, the assumption that says so.
        families: what is known of the sign of all members of a family in a range.
        nonzero: atoms, and polynomials up to a factor, known not to be 0, each with the assumption that says so.
        nowhere_zero: families of which no member in a range is 0.
        one_hot: families that are one-hot.
        equal: atoms that an assumption makes equal to a polynomial.
        patterns: the same for all values of some indices.
        exchanged: families that keep their value, or change its sign, when two places are exchanged.
        diagonal: families of which the members beside the diagonal are 0.
        words: rules for products of members under a sum.
        vanishing: polynomials that an assumption makes zero, where no single atom could be solved for.
        expanded: how many terms a sum between numbers may have to be written out.
        could_expand: whether such a sum was met and left as it was.
    """

    context: Context
    ranges: dict[Symbol, Range] = field(default_factory=dict)
    minimum: dict[Symbol, tuple[int, Assumption | None]] = field(default_factory=dict)
    distinct: dict[frozenset[Expr], Assumption | None] = field(default_factory=dict)
    ordered: list[tuple[Expr, Assumption]] = field(default_factory=list)
    positive: dict[Atom | Poly, Assumption | None] = field(default_factory=dict)
    nonnegative: dict[Atom | Poly, Assumption | None] = field(default_factory=dict)
    families: dict[str, list[Signed]] = field(default_factory=dict)
    nonzero: dict[Atom | Poly, Assumption] = field(default_factory=dict)
    nowhere_zero: dict[str, list[Signed]] = field(default_factory=dict)
    one_hot: dict[str, Hot] = field(default_factory=dict)
    equal: dict[Atom, tuple[Poly, Assumption]] = field(default_factory=dict)
    patterns: list[tuple[Atom, tuple[Symbol, ...], Poly, Assumption]] = field(default_factory=list)
    vanishing: list[tuple[Poly, Assumption]] = field(default_factory=list)
    exchanged: dict[str, Exchange] = field(default_factory=dict)
    diagonal: dict[str, Diagonal] = field(default_factory=dict)
    words: list[Rule] = field(default_factory=list)
    assume_positive: bool = False
    expanded: int = 0
    could_expand: bool = False
    guessed: set[Atom] = field(default_factory=set)
    used: dict[Assumption, None] = field(default_factory=dict)

    def use(self, assumption: Assumption | None) -> None:
        """Remember that `assumption` was needed."""
        if assumption is not None:
            self.used[assumption] = None

    def range_of(self, symbol: Symbol) -> Range:
        """The range of an index symbol."""
        known = self.ranges.get(symbol)
        if known is None:
            known = self.ranges[symbol] = self.context.range_of(symbol)
        return known

    def at_least_zero(self, expr: Expr) -> bool:
        """Whether the affine index expression is ≥ 0 for every value in the ranges that the assumptions allow."""
        if self._at_least_zero(expr):
            return True
        for known, why in self.ordered:
            if self._at_least_zero(expr - known):
                self.use(why)
                return True
        return False

    def _at_least_zero(self, expr: Expr) -> bool:
        """The same by ranges alone: each index is replaced by the end of its range that makes the expression smallest, each
        size by its least value.
        """
        for _ in range(4):
            if expr.is_Integer:
                return int(expr) >= 0
            changed: Expr = Integer(0)
            for part in Add.make_args(expr):
                factor, symbol = part.as_coeff_Mul()
                if isinstance(symbol, Symbol) and symbol.is_integer and not symbol.is_positive:
                    span = self.range_of(symbol)
                    part = Mul(factor, span.low if factor > 0 else span.high)
                changed += part
            if changed == expr:
                break
            expr = changed
        result: Expr = Integer(0)
        for part in Add.make_args(expr):
            factor, symbol = part.as_coeff_Mul()
            if isinstance(symbol, Symbol) and symbol.is_positive and factor > 0:
                least, why = self.minimum.get(symbol, (1, None))
                if least > 1:
                    self.use(why)
                part = Mul(factor, least)
            result += part
        return bool(result.is_Integer and int(result) >= 0)

    def may_be_empty(self, indices: Iterable[Symbol], shown: Collection[Basic]) -> bool:
        """Whether what holds for all values of `indices` may hold because there are none.

        Those in `shown` do not matter: they stand in what the fact is applied to, so that they have a value there.
        """
        spans = [self.range_of(symbol) for symbol in indices if symbol not in shown]
        return not all(self.at_least_zero(span.high - span.low) for span in spans)

    def within(self, target: Expr, low: Expr, high: Expr) -> bool | None:
        """Whether the index expression lies in low..high: True, False, or None where neither is certain."""
        if isinstance(target, Symbol) and target.is_integer and not target.is_positive:
            span = self.range_of(target)
            if span.low == low and span.high == high:
                return True
        if self.at_least_zero(target - low) and self.at_least_zero(high - target):
            return True
        if self.at_least_zero(low - target - 1) or self.at_least_zero(target - high - 1):
            return False
        return None

    def coincide(self, a: Expr, b: Expr) -> bool | None:
        """Whether two index expressions are equal: True, False, or None where it depends on their values."""
        difference = a - b
        if difference.is_Integer:
            return bool(difference == 0)
        pair = frozenset((a, b))
        if pair in self.distinct:
            self.use(self.distinct[pair])
            return False
        if self.at_least_zero(difference - 1) or self.at_least_zero(-difference - 1):
            return False
        return None

    def is_positive(self, atom: Atom) -> bool:
        """Whether the atom is known to be > 0."""
        if atom.kind in ("e", "pi", "prime"):
            return True
        if atom in self.positive:
            self.use(self.positive[atom])
            return True
        if self._signed(atom, strict=True):
            return True
        if atom.kind == "scalar" and atom.data[0].is_positive:
            return True
        if atom.kind == "function" and atom.data[0] in POSITIVE:
            return True
        if atom.kind == "poly":
            return self.sign(atom.data[0]) == "+" or self._guess(atom)
        if atom.kind == "sum":
            binders, body = atom.data
            for symbol, low, high in binders:
                self.ranges[symbol] = Range(low, high)
            if self.monomial_sign(body) == "+" and all(self.at_least_zero(high - low) for _, low, high in binders):
                return True
        return self._guess(atom)

    def is_nonzero(self, poly: Poly) -> bool:
        """Whether a polynomial that has a value is known not to be 0: it is said to be, or no factor of it can vanish."""
        if not poly:
            return False
        known = self.nonzero.get(monic(poly))
        if known is not None:
            self.use(known)
            return True
        if len(poly) != 1:
            return False
        ((m, _),) = poly
        return all(self._nonzero(atom) for atom, _ in m)

    def _nonzero(self, atom: Atom) -> bool:
        if atom in self.nonzero:
            self.use(self.nonzero[atom])
            return True
        if self._in_one_of(self.nowhere_zero, atom, strict=False) or self.is_positive(atom):
            return True
        return atom.kind in ("poly", "abs") and self.is_nonzero(atom.data[0])

    def _signed(self, atom: Atom, strict: bool) -> bool:
        """Whether an assumption on all members of a range gives the sign of this member."""
        return self._in_one_of(self.families, atom, strict)

    def _in_one_of(self, families: dict[str, list[Signed]], atom: Atom, strict: bool) -> bool:
        if atom.kind != "member":
            return False
        name, positions = atom.data
        for known in families.get(name, ()):
            if (
                known.strict >= strict
                and len(known.spans) == len(positions)
                and all(self.within(p, span.low, span.high) for p, span in zip(positions, known.spans, strict=True))
            ):
                self.use(known.assumption)
                return True
        return False

    def _guess(self, atom: Atom) -> bool:
        if self.assume_positive and atom.kind in ("scalar", "member", "poly", "function") and not is_made(atom):
            self.guessed.add(atom)
            return True
        return False

    def is_nonnegative(self, atom: Atom) -> bool:
        """Whether the atom is known to be ≥ 0."""
        if atom.kind in ("abs", "delta", "other"):
            return True
        if atom in self.nonnegative:
            self.use(self.nonnegative[atom])
            return True
        if self._signed(atom, strict=False):
            return True
        if atom.kind == "scalar" and atom.data[0] in self.ranges:
            return self.at_least_zero(atom.data[0])
        if atom.kind == "sum":
            binders, body = atom.data
            for symbol, low, high in binders:
                self.ranges[symbol] = Range(low, high)
            return self.monomial_sign(body) is not None
        return self.is_positive(atom)

    def monomial_sign(self, m: Monomial) -> str | None:
        """``'+'`` if the monomial is > 0, ``'0+'`` if it is ≥ 0, None if neither is known."""
        strict = True
        for atom, exponent in m:
            if self.is_positive(atom):
                continue
            if isinstance(exponent, int) and exponent % 2 == 0:
                strict = exponent < 0 and strict
                continue
            if self.is_nonnegative(atom):
                strict = strict and isinstance(exponent, int) and exponent < 0
                continue
            if not isinstance(exponent, (int, Poly)):
                strict = strict and exponent < 0
                continue
            return None
        return "+" if strict else "0+"

    def sign(self, poly: Poly) -> str | None:
        """``'+'`` if the polynomial is > 0, ``'0+'`` if it is ≥ 0, None if neither is known."""
        if poly in self.positive:
            self.use(self.positive[poly])
            return "+"
        if poly in self.nonnegative:
            self.use(self.nonnegative[poly])
            return "0+"
        strict = False
        for m, c in poly:
            if c < 0:
                return None
            sign = self.monomial_sign(m)
            if sign is None:
                return None
            strict = strict or sign == "+"
        return "+" if strict else "0+"


def monic(poly: Poly) -> Poly:
    """A polynomial that is not 0 divided by its leading coefficient: one of all its multiples."""
    return poly.scaled(1 / leading_term(poly)[1])
