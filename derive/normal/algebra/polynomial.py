"""Laurent polynomials over the rationals in interned atoms, with exponents that may themselves be polynomials.

``e^{z_i} / (Σ_k e^{z_k})^2`` is one monomial: the atom e to the power z_i times a sum atom to the power −2.
Only ring operations live here; what an atom means (δ² = δ, sin² = 1 − cos², sums) is known one floor up,
in :mod:`derive.normal.normaliser`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from functools import cached_property
from typing import Any

from flint import fmpq
from sympy import Expr, Symbol

LIMIT = 20_000


class TooLarge(ValueError):
    """An expression that would need more monomials than the limit."""


class Atom:
    """A generator. Two atoms of the same kind and data are one object, so that equality is identity.

    `kind` and `data`:

    ======== ============================== =======================================
    kind     data                           stands for
    ======== ============================== =======================================
    e, pi    ()                             the constants
    prime    (p,)                           a prime under a fractional or symbolic power
    scalar   (Symbol,)                      a scalar, a size, an index used as a number
    member   (name, positions)              z_{i}, an opaque derivative ∂E/∂a_{i}
    sum      (((symbol, low, high), …), m)  Σ of the monomial m over the bound symbols
    log      (Poly,)                        ln of it
    poly     (Poly,)                        a polynomial of two or more terms, under a power
    abs      (Poly,)                        absolute value
    function (name, orders, (Poly, …))      sin, f, f', …
    delta    (a, b)                         Kronecker's δ of two index expressions
    other    (a, b)                         1 − δ, where the complement could not be taken apart
    ======== ============================== =======================================
    """

    __slots__ = ("data", "free", "key", "kind", "level")

    kind: str
    data: tuple[Any, ...]
    free: frozenset[Symbol]
    key: str
    level: int

    def __repr__(self) -> str:
        return self.key


Factor = tuple[Atom, "int | Fraction | Poly"]
Monomial = tuple[Factor, ...]
ONE: Monomial = ()


class Poly:
    """An immutable sum of monomials with rational coefficients."""

    __slots__ = ("__dict__", "terms")

    terms: Mapping[Monomial, fmpq]

    def __init__(self, terms: Mapping[Monomial, fmpq]) -> None:
        if len(terms) > LIMIT:
            raise TooLarge(f"an expression with more than {LIMIT} terms")
        self.terms = terms

    @cached_property
    def _hash(self) -> int:
        return hash(frozenset(self.terms.items()))

    def __hash__(self) -> int:
        return self._hash

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Poly) and self.terms == other.terms

    def __iter__(self) -> Iterator[tuple[Monomial, fmpq]]:
        return iter(self.terms.items())

    def __len__(self) -> int:
        return len(self.terms)

    def __bool__(self) -> bool:
        return bool(self.terms)

    def __repr__(self) -> str:
        return self.key or "0"

    @cached_property
    def key(self) -> str:
        """A name that is equal for equal polynomials, and the same in every run."""
        return "+".join(f"{c}{monomial_key(m)}" for m, c in self.ordered)

    @cached_property
    def ordered(self) -> tuple[tuple[Monomial, fmpq], ...]:
        """The terms in a fixed order."""
        return tuple(sorted(self.terms.items(), key=lambda item: monomial_key(item[0])))

    @cached_property
    def free(self) -> frozenset[Symbol]:
        """The symbols on which it depends, those of index positions included."""
        found: frozenset[Symbol] = frozenset()
        for monomial in self.terms:
            found |= monomial_free(monomial)
        return found

    @cached_property
    def level(self) -> int:
        """One more than the highest level of a placeholder bound inside."""
        return max((monomial_level(m) for m in self.terms), default=0)

    @cached_property
    def atoms(self) -> frozenset[Atom]:
        """The atoms of its monomials, those of exponents included, not those inside other atoms."""
        found: set[Atom] = set()
        for monomial in self.terms:
            for atom, exponent in monomial:
                found.add(atom)
                if isinstance(exponent, Poly):
                    found |= exponent.atoms
        return frozenset(found)

    def constant(self) -> fmpq | None:
        """Its value if it is a number."""
        if not self.terms:
            return fmpq(0)
        if len(self.terms) == 1 and ONE in self.terms:
            return self.terms[ONE]
        return None

    def __add__(self, other: Poly) -> Poly:
        longer, shorter = (self, other) if len(self.terms) >= len(other.terms) else (other, self)
        result = dict(longer.terms)
        for m, c in shorter.terms.items():
            value = result.get(m, 0) + c
            if value == 0:
                del result[m]
            else:
                result[m] = value
        return Poly(result)

    def __neg__(self) -> Poly:
        return Poly({m: -c for m, c in self.terms.items()})

    def __sub__(self, other: Poly) -> Poly:
        return self + (-other)

    def scaled(self, factor: fmpq) -> Poly:
        """Times a number."""
        if factor == 0:
            return ZERO
        return Poly({m: c * factor for m, c in self.terms.items()})


ZERO = Poly({})
UNIT = Poly({ONE: fmpq(1)})


def number(value: fmpq | int | Fraction) -> Poly:
    """The constant polynomial.

    >>> number(3).constant()
    3
    """
    exact = fmpq(value.numerator, value.denominator) if isinstance(value, Fraction) else fmpq(value)
    return Poly({ONE: exact}) if exact != 0 else ZERO


def total(parts: Iterable[Poly]) -> Poly:
    """The sum of polynomials."""
    result: dict[Monomial, fmpq] = {}
    for part in parts:
        for monomial, c in part.terms.items():
            result[monomial] = result.get(monomial, fmpq(0)) + c
    return Poly({m: c for m, c in result.items() if c != 0})


def exponent_sum(a: int | Fraction | Poly, b: int | Fraction | Poly) -> int | Fraction | Poly:
    """a + b, a number where it is one."""
    if isinstance(a, Poly) or isinstance(b, Poly):
        return exponent_of((a if isinstance(a, Poly) else number(a)) + (b if isinstance(b, Poly) else number(b)))
    return a + b


def exponent_of(poly: Poly) -> int | Fraction | Poly:
    """The polynomial as an exponent: a Python number where it is constant."""
    value = poly.constant()
    if value is None:
        return poly
    return int(value.p) if value.q == 1 else Fraction(int(value.p), int(value.q))


def exponent_poly(exponent: int | Fraction | Poly) -> Poly:
    """The exponent as a polynomial."""
    return exponent if isinstance(exponent, Poly) else number(exponent)


def exponent_key(exponent: int | Fraction | Poly) -> str:
    """A name for the exponent."""
    return f"({exponent.key})" if isinstance(exponent, Poly) else str(exponent)


def monomial(powers: Mapping[Atom, int | Fraction | Poly]) -> Monomial:
    """The monomial of these powers."""
    return tuple(sorted(((a, e) for a, e in powers.items() if isinstance(e, Poly) or e != 0), key=_by_key))


def _by_key(power: tuple[Atom, int | Fraction | Poly]) -> str:
    return power[0].key


def monomial_product(a: Monomial, b: Monomial) -> Monomial:
    """The product as powers, exponents added."""
    if not a:
        return b
    if not b:
        return a
    powers = dict(a)
    for atom, exponent in b:
        present = powers.get(atom)
        powers[atom] = exponent if present is None else exponent_sum(present, exponent)
    return monomial(powers)


def monomial_key(m: Monomial) -> str:
    """A name for the monomial, the same in every run."""
    return "".join(f"*{atom.key}" if exponent == 1 else f"*{atom.key}^{exponent_key(exponent)}" for atom, exponent in m)


def monomial_free(m: Monomial) -> frozenset[Symbol]:
    """The symbols on which the monomial depends."""
    found: frozenset[Symbol] = frozenset()
    for atom, exponent in m:
        found |= atom.free
        if isinstance(exponent, Poly):
            found |= exponent.free
    return found


def monomial_level(m: Monomial) -> int:
    """One more than the highest level of a placeholder bound inside the monomial."""
    level = 0
    for atom, exponent in m:
        level = max(level, atom.level, exponent.level if isinstance(exponent, Poly) else 0)
    return level


def index_key(position: Expr) -> str:
    """A name for an index expression; dummies of one name are told apart."""
    if isinstance(position, Symbol):
        number_ = getattr(position, "dummy_index", None)
        return position.name if number_ is None else f"{position.name}~{number_}"
    return str(position.xreplace({s: Symbol(index_key(s)) for s in position.free_symbols}))


class Interner:
    """The table in which atoms are made; one per normaliser, so that nothing outlives a claim."""

    def __init__(self) -> None:
        self._atoms: dict[tuple[Any, ...], Atom] = {}

    def atom(self, kind: str, *data: object) -> Atom:
        """The atom of this kind and data."""
        identity = (kind, data)
        known = self._atoms.get(identity)
        if known is not None:
            return known
        new = Atom()
        new.kind, new.data = kind, data
        new.free, new.key, new.level = _describe(kind, data)
        self._atoms[identity] = new
        return new


OF_A_POLYNOMIAL = ("log", "poly", "abs")
"""Kinds of atoms that stand for something of one polynomial."""

_RANK = {
    "scalar": "a",
    "member": "b",
    "e": "c",
    "pi": "d",
    "prime": "e",
    "abs": "f",
    "log": "g",
    "function": "h",
    "poly": "i",
    "sum": "j",
    "delta": "k",
    "other": "l",
}


def _describe(kind: str, data: tuple[Any, ...]) -> tuple[frozenset[Symbol], str, int]:
    rank = _RANK[kind]
    if kind in ("e", "pi"):
        return frozenset(), rank + kind, 0
    if kind == "prime":
        return frozenset(), f"{rank}{data[0]}", 0
    if kind == "scalar":
        return frozenset(data), f"{rank}{index_key(data[0])}", 0
    if kind == "member":
        name, positions = data
        free = frozenset(s for p in positions for s in p.free_symbols)
        return free, f"{rank}{name}[{','.join(index_key(p) for p in positions)}]", 0
    if kind in ("delta", "other"):
        return frozenset(s for p in data for s in p.free_symbols), f"{rank}{index_key(data[0])}={index_key(data[1])}", 0
    if kind in OF_A_POLYNOMIAL:
        return data[0].free, f"{rank}{kind}({data[0].key})", data[0].level
    if kind == "function":
        name, orders, arguments = data
        free = frozenset(s for a in arguments for s in a.free)
        level = max((a.level for a in arguments), default=0)
        inside = ",".join(a.key for a in arguments)
        return free, f"{rank}{name}{''.join(map(str, orders))}({inside})", level
    binders, body = data
    symbols = frozenset(s for s, _, _ in binders)
    free = monomial_free(body)
    for _, low, high in binders:
        free |= low.free_symbols | high.free_symbols
    spans = ",".join(f"{s.name}:{index_key(low)}..{index_key(high)}" for s, low, high in binders)
    level = max((int(s.name[1:]) + 1 for s in symbols), default=0)
    return free - symbols, f"{rank}sum[{spans}]({monomial_key(body)})", max(level, monomial_level(body))
