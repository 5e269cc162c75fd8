"""Arithmetic of normal forms: products, quotients, powers, exponentials and logarithms of polynomials in atoms.

Laws built in: δ² = δ; |u|² = u²; sin² u = 1 − cos² u; (√u)² = u; p^a p^b = p^{a+b}; e^{c ln u} = u^c;
ln(uv) = ln u + ln v and (uv)^c = u^c v^c where the factors are known to be positive.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from flint import fmpq
from sympy import Expr, Symbol

from derive.normal.algebra.exponents import (
    comes_before,
    content_of,
    forces_sign,
    negated,
    prime_factors,
    split_exponent,
    times,
)
from derive.normal.algebra.knowledge import Knowledge, Square
from derive.normal.algebra.matrices import sorted_places
from derive.normal.algebra.polynomial import (
    LIMIT,
    ONE,
    UNIT,
    ZERO,
    Atom,
    Interner,
    Monomial,
    Poly,
    TooLarge,
    exponent_of,
    exponent_poly,
    index_key,
    monomial,
    monomial_product,
    number,
)
from derive.terms.elementary import SQUARES

POWER_LIMIT = 64
SPECIAL = frozenset(("prime", "delta", "other", "abs", "poly", "function"))


class ZeroDivision(ValueError):
    """A denominator that is identically zero."""


class OutOfDomain(ValueError):
    """A logarithm or a root of a number for which it is not real."""


class Ring:
    """Makes and combines normal forms under a given :class:`Knowledge`."""

    def __init__(self, knowledge: Knowledge, literal: Callable[[str, tuple[Expr, ...]], Poly | None]) -> None:
        self.knowledge = knowledge
        self.intern = Interner()
        self._literal = literal
        self.squares: dict[str, Square] = {}
        self.exponentials: dict[str, object] = {}
        self.depths: dict[str, int] = {}
        self.opposites: dict[str, Callable[[Expr, Expr], Poly]] = {}

    # -- atoms ---------------------------------------------------------------------------------------------

    def of(self, atom: Atom, exponent: int | Fraction | Poly = 1) -> Poly:
        """The atom to a power, with what is known of it applied."""
        if exponent == 0:
            return UNIT
        return self.make(((atom, exponent),), fmpq(1))

    def scalar(self, symbol: Symbol) -> Poly:
        """A scalar, a size, or an index used as a number."""
        return self._known(self.intern.atom("scalar", symbol))

    def member(self, name: str, positions: tuple[Expr, ...]) -> Poly:
        """A member of a primitive family."""
        if positions and all(p.is_Integer for p in positions):
            literal = self._literal(name, positions)
            if literal is not None:
                return literal
        hot = self.knowledge.one_hot.get(name)
        if hot is not None and len(positions) == 1 and self.knowledge.within(positions[0], hot.span.low, hot.span.high):
            self.knowledge.use(hot.assumption)
            return self.delta(positions[0], hot.place)
        diagonal = self.knowledge.diagonal.get(name)
        if diagonal is not None and len(positions) == 2 and positions[0] != positions[1]:
            if all(self.knowledge.within(p, diagonal.span.low, diagonal.span.high) for p in positions):
                self.knowledge.use(diagonal.assumption)
                first = min(positions, key=index_key)
                return self.product(self.delta(*positions), self._known(self.intern.atom("member", name, (first, first))))
        exchanged = self.knowledge.exchanged.get(name)
        if exchanged is not None:
            positions, sign = sorted_places(positions, exchanged, self.knowledge)
            if sign != 1:
                return self._known(self.intern.atom("member", name, positions)).scaled(fmpq(sign))
        return self._known(self.intern.atom("member", name, positions))

    def delta(self, a: Expr, b: Expr) -> Poly:
        """Kronecker's δ: 1, 0, or an atom where it depends on the values of free indices."""
        same = self.knowledge.coincide(a, b)
        if same is not None:
            return UNIT if same else ZERO
        first, second = sorted((a, b), key=str)
        return self.of(self.intern.atom("delta", first, second))

    def index_value(self, position: Expr) -> Poly:
        """An index expression, a polynomial in integer symbols, as a number."""
        result = ZERO
        for part, factor in position.as_coefficients_dict().items():
            value = number(fmpq(int(factor.p), int(factor.q)))
            for symbol, power in part.as_powers_dict().items():
                if isinstance(symbol, Symbol) and power.is_Integer and power > 0:
                    value = self.product(value, self.power(self.scalar(symbol), int(power)))
                elif symbol != 1:
                    raise TooLarge(f"an index that is no polynomial: {position}")
            result = result + value
        return result

    def _known(self, atom: Atom) -> Poly:
        """The atom, or what an equation of the context makes of it."""
        rule = self.knowledge.equal.get(atom)
        if rule is not None:
            self.knowledge.use(rule[1])
            return rule[0]
        return Poly({((atom, 1),): fmpq(1)})

    # -- products ------------------------------------------------------------------------------------------

    def make(self, m: Monomial, coefficient: fmpq) -> Poly:
        """The monomial with the laws of its special atoms applied."""
        for position, (atom, exponent) in enumerate(m):
            if atom.kind in SPECIAL:
                changed = self._special(atom, exponent)
                if changed is not None:
                    rest = self.make(m[:position] + m[position + 1 :], coefficient)
                    return self.product(rest, changed)
        return Poly({m: coefficient}) if coefficient != 0 else ZERO

    def _special(self, atom: Atom, exponent: int | Fraction | Poly) -> Poly | None:
        """What ``atom^exponent`` is by the atom's own law; None if it stands as it is."""
        whole, rest = split_exponent(exponent)
        if atom.kind == "prime":
            if whole == 0:
                return None
            return Poly({monomial({atom: rest}): fmpq(atom.data[0]) ** whole})
        if atom.kind in ("delta", "other"):
            if exponent == 1:
                return None
            if isinstance(exponent, int) and exponent > 1:
                return Poly({((atom, 1),): fmpq(1)})
            raise ZeroDivision("a Kronecker delta in a denominator")
        if atom.kind == "abs":
            if not isinstance(exponent, int) or exponent == 1:
                return None
            half = exponent // 2
            return self.product(self.power(atom.data[0], 2 * half), Poly({monomial({atom: exponent - 2 * half}): fmpq(1)}))
        if atom.kind == "poly":
            if whole < 1:
                return None
            return self.product(self._repeated(atom.data[0], whole), Poly({monomial({atom: rest}): fmpq(1)}))
        if atom.kind == "function" and atom.data[0] in SQUARES and isinstance(exponent, int) and exponent >= 2:
            other = self.intern.atom("function", SQUARES[atom.data[0]], (), atom.data[2])
            square = Poly({ONE: fmpq(1), ((other, 2),): fmpq(-1)})
            return self.product(self._repeated(square, exponent // 2), Poly({monomial({atom: exponent % 2}): fmpq(1)}))
        return None

    def product(self, a: Poly, b: Poly) -> Poly:
        """a · b."""
        if a is UNIT:
            return b
        if b is UNIT:
            return a
        if len(a) * len(b) > LIMIT:
            raise TooLarge(f"a product with more than {LIMIT} terms")
        result: dict[Monomial, fmpq] = {}
        for m, c in a:
            for other, d in b:
                joined = monomial_product(m, other)
                for atom, exponent in joined:
                    if atom.kind in SPECIAL and self._special(atom, exponent) is not None:
                        for part, e in self.make(joined, c * d):
                            result[part] = result.get(part, fmpq(0)) + e
                        break
                else:
                    result[joined] = result.get(joined, fmpq(0)) + c * d
        return Poly({m: c for m, c in result.items() if c != 0})

    def _repeated(self, base: Poly, times: int) -> Poly:
        if times > POWER_LIMIT and len(base) > 1:
            raise TooLarge(f"a power higher than {POWER_LIMIT} of a sum")
        result = UNIT
        while times:
            if times & 1:
                result = self.product(result, base)
            times >>= 1
            if times:
                base = self.product(base, base)
        return result

    # -- quotients and powers --------------------------------------------------------------------------------

    def inverse(self, poly: Poly) -> Poly:
        """1 / poly.

        Raises:
            ZeroDivision: if the polynomial is zero.
        """
        if not poly:
            raise ZeroDivision("a denominator is 0")
        if len(poly) == 1:
            ((m, c),) = poly
            return self.make(tuple((a, negated(e)) for a, e in m), 1 / c)
        unit, primitive = self.content(poly)
        return self.product(self.inverse(unit), Poly({((self.intern.atom("poly", primitive), -1),): fmpq(1)}))

    def content(self, poly: Poly) -> tuple[Poly, Poly]:
        """``(u, p)`` with ``poly = u p``, u one monomial, p the same for all multiples of poly by monomials."""
        atoms = {atom for m in poly.terms for atom, _ in m}
        low: dict[Atom, int | Fraction | Poly] = {}
        for atom in atoms:
            exponents = [dict(m).get(atom, 0) for m in poly.terms]
            least = exponents[0]
            for exponent in exponents[1:]:
                if comes_before(exponent, least):
                    least = exponent
            if isinstance(least, Poly) or least != 0:
                low[atom] = least
        m = monomial(low)
        rest = self.product(poly, Poly({tuple((a, negated(e)) for a, e in m): fmpq(1)}))
        lead = rest.ordered[-1][1]
        scale = content_of(rest) * (1 if lead > 0 else -1)
        return Poly({m: scale}), rest.scaled(1 / scale)

    def power(self, base: Poly, exponent: int | Fraction | Poly) -> Poly:
        """base ** exponent, real."""
        if exponent == 0 and base:
            return UNIT
        if isinstance(exponent, int):
            if len(base) == 1:
                ((m, c),) = base
                if abs(exponent) * (abs(c.p).bit_length() + c.q.bit_length()) > 100_000:
                    raise TooLarge("a number with too many digits")
                return self.make(tuple((a, exponent_of(exponent_poly(e).scaled(fmpq(exponent)))) for a, e in m), c**exponent)
            if exponent >= 0:
                return self._repeated(base, exponent)
            return self.power(self.inverse(base), -exponent)
        if not base:
            if isinstance(exponent, Fraction) and exponent > 0:
                return ZERO
            raise ZeroDivision("0 to a power that need not be positive")
        if len(base) == 1:
            return self._monomial_power(base, exponent)
        scale = content_of(base)
        primitive = base.scaled(1 / scale)
        return self.product(self._number_power(scale, exponent), self.of(self.intern.atom("poly", primitive), exponent))

    def _monomial_power(self, base: Poly, exponent: Fraction | Poly) -> Poly:
        """(c ∏ a^e)^q, split over the factors that are known to be positive."""
        ((m, c),) = base
        if c < 0 and not m:
            raise OutOfDomain(f"the root of {c}")
        result, open_factors = UNIT, []
        for atom, e in m:
            if self.knowledge.is_positive(atom):
                result = self.product(result, self.of(atom, times(e, exponent)))
            else:
                open_factors.append((atom, e))
        if open_factors or c < 0:
            even = all(isinstance(e, int) and e % 2 == 0 for _, e in open_factors)
            if c > 0 and even:
                for atom, e in open_factors:
                    magnitude = self.absolute(Poly({((atom, 1),): fmpq(1)}))
                    result = self.product(result, self.of_power(magnitude, times(e, exponent)))
            elif c > 0 and len(open_factors) == 1 and forces_sign(open_factors[0][1]):
                atom, e = open_factors[0]
                result = self.product(result, self.of(atom, times(e, exponent)))
            else:
                rest = Poly({tuple(open_factors): fmpq(1 if c > 0 else -1)})
                result = self.product(result, self.of(self.intern.atom("poly", rest), exponent))
        return self.product(result, self._number_power(abs(c), exponent))

    def of_power(self, single: Poly, exponent: int | Fraction | Poly) -> Poly:
        """A power of one positive atom."""
        ((m, _),) = single
        return self.make(tuple((a, times(e, exponent)) for a, e in m), fmpq(1))

    def _number_power(self, c: fmpq, exponent: int | Fraction | Poly) -> Poly:
        """c^q for a positive rational c, over its primes."""
        result = UNIT
        for prime, count in prime_factors(c):
            result = self.product(result, self.of(self.intern.atom("prime", prime), times(count, exponent)))
        return result

    def absolute(self, poly: Poly) -> Poly:
        """|poly|."""
        if self.knowledge.sign(poly) is not None:
            return poly
        if self.knowledge.sign(-poly) is not None:
            return -poly
        if poly.ordered[-1][1] < 0:
            poly = -poly
        return self.of(self.intern.atom("abs", poly))

    # -- exponentials and logarithms -----------------------------------------------------------------------------

    def exp(self, poly: Poly) -> Poly:
        """e^poly, where e^{c ln u} = u^c."""
        result, rest = UNIT, {}
        for m, c in poly:
            logs = [atom for atom, e in m if atom.kind == "log" and e == 1]
            if len(logs) == 1:
                others = Poly({tuple((a, e) for a, e in m if a is not logs[0]): c})
                result = self.product(result, self.power(logs[0].data[0], exponent_of(others)))
            else:
                rest[m] = c
        if rest:
            result = self.product(result, self.of(self.intern.atom("e"), exponent_of(Poly(rest))))
        return result

    def log(self, poly: Poly) -> Poly:
        """ln poly, split over the factors that are known to be positive.

        Raises:
            OutOfDomain: for a number that is not positive.
        """
        value = poly.constant()
        if value is not None and value <= 0:
            raise OutOfDomain(f"the logarithm of {value}")
        if len(poly) > 1:
            return self._log_of_sum(poly)
        ((m, c),) = poly
        result, open_factors = self._log_number(abs(c)), []
        for atom, e in m:
            if atom.kind == "e":
                result = result + exponent_poly(e)
            elif self.knowledge.is_positive(atom):
                result = result + self.product(exponent_poly(e), self._log_atom(atom))
            elif atom.kind == "poly" and isinstance(e, int) and e % 2 and self.knowledge.sign(-atom.data[0]) == "+":
                result = result + self.of(self.intern.atom("log", -atom.data[0])).scaled(fmpq(e))  # 1 - p is kept as p - 1
                c = -c
            else:
                open_factors.append((atom, e))
        if not open_factors and c > 0:
            return result
        if c > 0 and len(open_factors) == 1 and not isinstance(open_factors[0][1], Poly):
            atom, e = open_factors[0]
            inside = Poly({((atom, 1),): fmpq(1)})
            if not forces_sign(e):
                inside = self.absolute(inside)
            return result + self.product(exponent_poly(e), self.of(self.intern.atom("log", inside)))
        rest = Poly({tuple(open_factors): fmpq(1 if c > 0 else -1)})
        return result + self.of(self.intern.atom("log", rest))

    def _log_atom(self, atom: Atom) -> Poly:
        if atom.kind == "prime":
            return self._log_number(fmpq(atom.data[0]))
        inside = atom.data[0] if atom.kind == "poly" else Poly({((atom, 1),): fmpq(1)})
        return self.of(self.intern.atom("log", inside))

    def _log_of_sum(self, poly: Poly) -> Poly:
        """ln(u p) = ln u + ln p for the positive monomial u that all terms share."""
        unit, primitive = self.content(poly)
        ((m, c),) = unit
        if c < 0:
            primitive = -primitive
        kept: list[tuple[Atom, int | Fraction | Poly]] = []
        outside: list[tuple[Atom, int | Fraction | Poly]] = []
        for atom, e in m:
            (outside if self.knowledge.is_positive(atom) else kept).append((atom, e))
        inside = self.product(primitive, Poly({tuple(kept): fmpq(1)}))
        result = self._log_number(abs(c))
        if outside:
            result = result + self.log(Poly({tuple(outside): fmpq(1)}))
        return result + self.of(self.intern.atom("log", inside))

    def _log_number(self, c: fmpq) -> Poly:
        result = ZERO
        for prime, count in prime_factors(c):
            result = result + self.of(self.intern.atom("log", number(prime))).scaled(fmpq(count))
        return result
