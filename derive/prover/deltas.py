"""Kronecker deltas in terms: sifting in sums, splitting a sum at one value, the cases of two indices."""

from __future__ import annotations

from sympy import Add, Dummy, Expr, Integer, KroneckerDelta, Mul, Ne, Sum, Symbol

from derive.normal.unfold import instantiate
from derive.prover.parts import rebuild
from derive.terms.terms import Cases, bound, peel


def rebuilt(term: Expr) -> Expr:
    """`term` with the products that were kept as written multiplied out of their brackets: ``a · (1/a)`` is 1."""
    if not term.args:
        return term
    if isinstance(term, Mul):
        return Mul(*(rebuilt(factor) for factor in term.args))
    return rebuild(term, rebuilt)


def as_written(*factors: Expr) -> Expr:
    """A product that keeps its factors apart, so that what cancels can still be seen."""
    kept = [factor for factor in factors if factor != 1]
    if len(kept) < 2:
        return Mul(*kept)
    return Mul(*kept, evaluate=False)


def sifted(term: Expr) -> Expr:
    """``Σ_k δ_{kt} f(k)`` replaced by f(t), in every sum of `term`; a sum of several such by their sum.

    That t lies in the sum's range is left to the judge.

    >>> from derive.terms import terms
    >>> from derive.terms.terms import summation
    >>> k, i = terms.index("k"), terms.index("i")
    >>> sifted(summation(KroneckerDelta(k, i) * terms.family("f")[k], k, 1, terms.size("n")))
    f[i]
    """
    if isinstance(term, Sum):
        body, variable, low, high = peel(term)
        inner = sifted(body)
        return Add(*(_sifted_sum(part, variable, low, high) for part in _summands(inner, variable)))
    if not term.args or not term.has(Sum):
        return term
    return rebuild(term, sifted)


def _summands(body: Expr, variable: Symbol) -> tuple[Expr, ...]:
    """The summands, if each can be sifted; a bracket among the factors is opened where that helps."""
    parts = Add.make_args(body)
    if len(parts) > 1:
        return parts if all(_at_target(part, variable) is not None for part in parts) else (body,)
    for factor in Mul.make_args(body):
        if isinstance(factor, Add) and all(_target(part, variable) is not None for part in factor.args):
            rest = Mul(*(f for f in Mul.make_args(body) if f is not factor))
            return tuple(Mul(rest, part) for part in factor.args)
    return (body,)


def _sifted_sum(body: Expr, variable: Symbol, low: Expr, high: Expr) -> Expr:
    if body == 0:
        return Integer(0)
    value = _at_target(body, variable)
    return Sum(body, (variable, low, high)) if value is None else value


def _at_target(body: Expr, variable: Symbol) -> Expr | None:
    """What is left of the sum of `body` along the variable, if a δ sifts it; the order of sums does not matter."""
    if isinstance(body, Sum):
        inner, letter, low, high = peel(body)
        value = None if variable in low.free_symbols | high.free_symbols else _at_target(inner, variable)
        return None if value is None else Sum(value, (letter, low, high))
    target = _target(body, variable)
    return None if target is None else Mul(*(instantiate(factor, {variable: target}) for factor in Mul.make_args(body)))


def _target(body: Expr, variable: Symbol) -> Expr | None:
    """The t of a factor δ_{kt} of `body`, or of all that a factor sums up; k is the variable."""
    for factor in Mul.make_args(body):
        if isinstance(factor, KroneckerDelta):
            a, b = factor.args[:2]
            if a == variable and not b.has(variable):
                return b
            if b == variable and not a.has(variable):
                return a
        if isinstance(factor, Sum):
            inner, letter, *_ = peel(factor)
            target = _target(inner, variable)
            if target is not None and letter not in target.free_symbols:
                return target
    return None


def partner(term: Expr, variable: Symbol) -> Expr | None:
    """The t of a δ_{kt} anywhere in `term`, where k is the variable and t is free."""
    found = sorted((d for d in term.atoms(KroneckerDelta) if variable in d.args[:2]), key=str)
    for delta in found:
        other = delta.args[1] if delta.args[0] == variable else delta.args[0]
        if not any(isinstance(s, Dummy) for s in other.free_symbols):
            return other
    return None


def at_equal(term: Expr, symbol: Symbol, value: Expr) -> Expr:
    """The case in which the index is `value`."""
    return instantiate(term, {symbol: value})


def off_equal(term: Expr, symbol: Expr, value: Expr) -> Expr:
    """The case in which the index is not `value`: their delta is 0."""
    return term.xreplace({KroneckerDelta(symbol, value): Integer(0), KroneckerDelta(value, symbol): Integer(0)})


def sum_of(factors: tuple[Expr, ...], letter: Symbol, low: Expr, high: Expr) -> Expr:
    """``Σ_letter ∏ factors``, the factors still apart, numbers in front."""
    number, rest = _number_apart(factors)
    fresh = bound(letter.name)
    return Mul(number, Sum(as_written(*(factor.xreplace({letter: fresh}) for factor in rest)), (fresh, low, high)))


def split(factors: tuple[Expr, ...], letter: Symbol, value: Expr, low: Expr, high: Expr) -> tuple[Expr, Expr]:
    """``Σ f`` at one index as ``f(t)`` and ``Σ_{k≠t} f``, the factors still apart."""
    number, rest = _number_apart(factors)
    one = as_written(number, *(at_equal(factor, letter, value) for factor in rest))
    fresh = bound(letter.name)
    outside, others = _number_apart(tuple(off_equal(factor, letter, value).xreplace({letter: fresh}) for factor in rest))
    if outside == 0:
        return one, Integer(0)
    body = Cases((as_written(*others), Ne(fresh, value)), (Integer(0), True))
    return one, Mul(number, outside, Sum(body, (fresh, low, high)))


def _number_apart(factors: tuple[Expr, ...]) -> tuple[Expr, tuple[Expr, ...]]:
    """The product of the numbers among the factors, and the others."""
    parts = [part for factor in factors for part in Mul.make_args(factor)]
    return Mul(*(p for p in parts if p.is_Rational)), tuple(p for p in parts if not p.is_Rational)


def free_pairs(term: Expr) -> tuple[tuple[Symbol, Expr], ...]:
    """The pairs of free index expressions whose delta occurs in `term`, the one that can be replaced first."""
    found = []
    for delta in sorted(term.atoms(KroneckerDelta), key=str):
        a, b = delta.args[:2]
        if any(s.is_Dummy for s in delta.free_symbols):
            continue
        if isinstance(a, Symbol):
            found.append((a, b))
        elif isinstance(b, Symbol):
            found.append((b, a))
    return tuple(found)
