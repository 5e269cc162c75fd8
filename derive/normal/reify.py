"""From a normal form back to a term: the inverse of :class:`derive.normal.normaliser.Normaliser`.

``Normaliser(context)(term_of(poly)) == poly`` for every polynomial that a normaliser of the context made. Sums get
fresh bound indices with the letters that a person would take.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from itertools import count

import sympy
from flint import fmpq
from sympy import Abs, Add, Expr, Indexed, Integer, KroneckerDelta, Mul, Ne, Pow, Rational, Sum, Symbol, exp, log

from derive.normal.algebra.knowledge import is_made
from derive.normal.algebra.polynomial import Atom, Monomial, Poly
from derive.terms import terms
from derive.terms.context import Context, Range, is_nameless
from derive.terms.elementary import BY_KEY, head_of
from derive.terms.heads import name_of
from derive.terms.terms import Call, Cases, Partial

LETTERS = ("k", "l", "m", "j", "i", "p", "q", "r", "s", "t", "u", "v")
CALL = "call "


class NotReifiable(ValueError):
    """An atom that stands for something of which the term is not known."""


def letters_for(span: Range, context: Context, preferred: Iterable[str] = LETTERS) -> Iterator[str]:
    """Letters for an index with the range `span`: those whose range it is, then those that have no range of their own.

    The place of a one-hot family that has no name is no letter.
    """
    declared = {symbol.name: known for symbol, known in context.ranges if not is_nameless(symbol)}
    spans = (*declared.values(), *(shape for _, shapes in context.shapes for shape in shapes))
    sizes = {s.name for known in spans for end in (known.low, known.high) for s in end.free_symbols}
    order = tuple(letter for letter in dict.fromkeys((*preferred, *LETTERS)) if letter not in sizes)
    yield from (letter for letter in order if declared.get(letter) == span)
    yield from (name for name, known in declared.items() if known == span and name not in order)
    default = context.range_of(Symbol("?")) == span
    if default:
        yield from (letter for letter in order[:5] if letter not in declared)
    yield from (letter for letter in order if letter not in declared)
    yield from (f"{letter}_{number}" for number in count(1) for letter in order)


def term_of(poly: Poly, context: Context | None = None, opaque: Mapping[str, Partial] | None = None) -> Expr:
    """The term that `poly` is the normal form of.

    Args:
        poly: a normal form.
        context: says which letters run over which range; bound indices take theirs from it.
        opaque: for each opaque derivative's name (``∂E/∂a``) one derivative of that name.

    Raises:
        NotReifiable: for an opaque derivative that is not in `opaque`.
    """
    taken = frozenset(symbol.name for symbol in poly.free)
    return Reifier(context or Context(), opaque or {}).term(poly, taken, {})


class Reifier:
    """Makes terms of polynomials, monomials and powers of atoms."""

    def __init__(self, context: Context, opaque: Mapping[str, Partial]) -> None:
        self._context = context
        self._opaque = opaque
        self._sums: dict[tuple[object, ...], Expr] = {}

    def term(self, poly: Poly, taken: frozenset[str], names: Mapping[Symbol, Symbol]) -> Expr:
        """The polynomial as a sum of products; `names` are the bound indices that stand for placeholders."""
        return Add(*(self.product(m, c, taken, names) for m, c in poly.ordered))

    def product(self, m: Monomial, c: fmpq, taken: frozenset[str], names: Mapping[Symbol, Symbol]) -> Expr:
        """The monomial times c."""
        factors: list[Expr] = [Rational(int(c.p), int(c.q))]
        apart: list[tuple[Expr, Expr]] = []
        for atom, exponent in m:
            if atom.kind == "other":
                apart.append(atom.data)
            else:
                factors.append(self.power(atom, exponent, taken, names))
        result: Expr = Mul(*factors)
        for a, b in apart:
            unequal = Ne(a.xreplace(names), b.xreplace(names))
            result = Cases((result, unequal), (Integer(0), True))
        return result

    def power(self, atom: Atom, exponent: int | Fraction | Poly, taken: frozenset[str], names: Mapping[Symbol, Symbol]) -> Expr:
        """The atom to the power."""
        if isinstance(exponent, Poly):
            degree = self.term(exponent, taken, names)
        else:
            degree = Rational(exponent.numerator, exponent.denominator)
        if atom.kind == "e":
            return exp(degree)
        return Pow(self.atom(atom, taken, names), degree)

    def atom(self, atom: Atom, taken: frozenset[str], names: Mapping[Symbol, Symbol]) -> Expr:
        """What the atom stands for."""
        if atom.kind == "e":
            return sympy.E
        if atom.kind == "pi":
            return sympy.pi
        if atom.kind == "prime":
            return Integer(atom.data[0])
        if atom.kind == "scalar":
            scalar: Symbol = atom.data[0]
            return names.get(scalar, scalar)
        if is_made(atom):
            raise NotReifiable(f"{atom} has no name of its own")
        if atom.kind == "member":
            return self._member(atom.data[0], tuple(p.xreplace(names) for p in atom.data[1]))
        if atom.kind == "delta":
            return KroneckerDelta(*(p.xreplace(names) for p in atom.data))
        if atom.kind == "log":
            return log(self.term(atom.data[0], taken, names))
        if atom.kind == "abs":
            return Abs(self.term(atom.data[0], taken, names))
        if atom.kind == "poly":
            return self.term(atom.data[0], taken, names)
        if atom.kind == "function":
            return self._function(atom, taken, names)
        if atom.kind == "sum":
            key = (atom, taken, tuple(names.items()))
            if key not in self._sums:
                self._sums[key] = self._sum(atom, taken, names)
            return self._sums[key]
        raise NotReifiable(f"an atom of the kind {atom.kind}")

    def _member(self, name: str, positions: tuple[Expr, ...]) -> Expr:
        if not name.startswith("∂"):
            return terms.family(name)[positions if len(positions) > 1 else positions[0]]
        template = self._opaque.get(name)
        if template is None:
            raise NotReifiable(f"nothing says of which term {name} is the derivative")
        return at_positions(template, list(positions))

    def _function(self, atom: Atom, taken: frozenset[str], names: Mapping[Symbol, Symbol]) -> Expr:
        name, orders, arguments = atom.data
        values = [self.term(argument, taken, names) for argument in arguments]
        if name.startswith(CALL):
            return Call(name.removeprefix(CALL), values, orders)
        head = head_of(BY_KEY[name]) if name in BY_KEY else getattr(sympy, name, None)
        if head is None:
            raise NotReifiable(f"the function {name}")
        result: Expr = head(*values)
        return result

    def _sum(self, atom: Atom, taken: frozenset[str], names: Mapping[Symbol, Symbol]) -> Expr:
        spans, body = atom.data
        inner = dict(names)
        for place, low, high in spans:
            span = Range(low.xreplace(inner), high.xreplace(inner))
            letter = next(name for name in letters_for(span, self._context) if name not in taken)
            taken = taken | {letter}
            inner[place] = terms.bound(letter)
        result = self.product(body, fmpq(1), taken, inner)
        waiting = [(inner[place], low.xreplace(inner), high.xreplace(inner)) for place, low, high in spans]
        while waiting:
            others = [(low.free_symbols | high.free_symbols, symbol) for symbol, low, high in waiting]
            innermost = next(b for b in waiting if not any(b[0] in used for used, symbol in others if symbol != b[0]))
            waiting.remove(innermost)
            result = Sum(result, innermost)
        return result


def at_positions(head: Expr, positions: list[Expr]) -> Expr:
    """`head` with its index positions, in order, replaced by `positions` (which are taken from the list).

    >>> i, j = terms.index("i"), terms.index("j")
    >>> name_of(at_positions(Partial(terms.scalar("E"), terms.family("a")[i]), [j]))
    '∂E/∂a'
    """
    if isinstance(head, Partial):
        inner = at_positions(head.expr, positions)
        return Partial(inner, at_positions(head.variable, positions))
    if not isinstance(head, Indexed):
        return head
    count = len(head.indices)
    own = tuple(positions[:count])
    del positions[:count]
    return head.base[own if count > 1 else own[0]]


def opaque_heads(term: Expr) -> dict[str, Partial]:
    """For each opaque derivative in `term`, its name and the derivative itself."""
    found: dict[str, Partial] = {}
    for partial in sorted(term.atoms(Partial), key=str):
        try:
            found.setdefault(name_of(partial), partial)
        except ValueError:
            continue  # a derivative of a compound term has no name and no normal form of its own
    return found
