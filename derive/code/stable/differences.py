"""The order of a sum: what may cancel is subtracted first, so that no digit is rounded away before."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sympy import Abs, Add, Expr, Indexed, Integer, Mul, Pow, Rational, exp, expand, log

from derive.code.stable.shifts import Shifts
from derive.terms import terms
from derive.terms.heads import name_of

ZERO, HALF = Integer(0), Rational(1, 2)


def ramp(x: Expr, factor: Expr) -> Expr:
    """ln(1 + e^x) - c x, c the `factor`, with x once above and once below 0."""
    return (1 - factor) * (x + Abs(x)) / 2 - factor * (x - Abs(x)) / 2 + log(1 + exp(-Abs(x)))


def ramps(term: Expr) -> tuple[list[tuple[int, str, Expr, Expr]], list[Expr]]:
    """``(x + y + |x - y|)/2`` is max(x, y) and ``(x + y - |x - y|)/2`` is min(x, y); y may be 0.

    Returns:
        Sign, operation, x and y of each that was found, and the other parts.

    >>> x, y = terms.scalar("x"), terms.scalar("y")
    >>> ramps(1 + x / 2 + Abs(x) / 2), ramps(x / 2 - Abs(x) / 2)[0]
    (([(1, 'max', x, 0)], [1]), [(1, 'min', x, 0)])
    >>> ramps(-x / 2 - y / 2 - Abs(x - y) / 2)
    ([(-1, 'max', x, y)], [])
    """
    parts = list(Add.make_args(term))
    found: list[tuple[int, str, Expr, Expr]] = []
    for part in Add.make_args(term):
        number, size = part.as_coeff_Mul()
        if not isinstance(size, Abs):
            continue
        inside = Add.make_args(Add(*(2 * abs(number) * each for each in Add.make_args(size.args[0]))))
        for op, sign in (("max", 1), ("min", -1)):
            outer = sign if number > 0 else -sign
            ends = [[each for each in inside if outer * way * each / 2 in parts] for way in (1, -1)]
            if len(ends[0]) + len(ends[1]) == len(inside):
                used = [outer * way * each / 2 for way, end in zip((1, -1), ends, strict=True) for each in end]
                parts = [p for p in parts if p != part and p not in used]
                one, two = Add(*ends[0]), -Add(*ends[1])
                found.append((outer, op, one, two) if one != 0 else (-outer, {"max": "min", "min": "max"}[op], -two, ZERO))
                break
    return found, parts


def slope_of_ramp(u: Expr) -> Expr:
    """The derivative of max(u, 0) by u, for u other than 0, as :func:`signs` knows it.

    >>> x = terms.scalar("x")
    >>> signs(slope_of_ramp(x))
    ([(1, 'step', x)], [])
    """
    return HALF + u / (2 * Abs(u))


def ramp_over(product: Mul, body: Callable[[Expr], Expr | None]) -> tuple[Expr, Expr] | None:
    """Two factors ``max(u, 0)`` and ``1/u`` of a product, the former perhaps by its name, and u; None if it has none."""
    for power in product.args:
        if not isinstance(power, Pow) or power.exp != -1:
            continue
        u = power.base
        for factor in product.args:
            whole = factor if isinstance(factor, Add) else body(factor)
            if whole is not None and expand(2 * whole - u) == Abs(u):
                return factor * power, u
    return None


def signs(term: Expr) -> tuple[list[tuple[int, str, Expr]], list[Expr]]:
    """1/2 + u/(2|u|) is 1 for u above 0 and 0 below: sign, operation and u of such parts of a sum, and its other parts."""
    found: list[tuple[int, str, Expr]] = []
    parts = [part for part in Add.make_args(term) if part != 0]
    for part in list(parts):
        number, rest = part.as_coeff_Mul()
        u = sign_of(rest)
        if u is not None and abs(number) == HALF and HALF in parts:
            found.append((1, "step", u if number > 0 else -u))
            parts = [p for p in parts if p not in (part, HALF)]
        elif u is not None and abs(number) == HALF and -HALF in parts:
            found.append((-1, "step", u if number < 0 else -u))
            parts = [p for p in parts if p not in (part, -HALF)]
    return found, parts


def sign_of(product: Expr) -> Expr | None:
    """u of a product that is u/|u|; None for any other."""
    for size in (factor for factor in Mul.make_args(product) if isinstance(factor, Pow) and factor.exp == -1):
        u = product / size
        if isinstance(size.base, Abs) and Abs(u) == size.base:
            return u
    return None


def with_signs(factors: Sequence[Expr]) -> tuple[list[Expr], list[tuple[str, Expr]]]:
    """Factors without the pairs u and 1/|u|, and the u of these with the operation that they are together."""
    left = list(factors)
    found: list[tuple[str, Expr]] = []
    for size in factors:
        if isinstance(size, Pow) and size.exp == -1 and isinstance(size.base, Abs):
            u = next((f for f in left if Abs(f) == size.base and f is not size.base), None)
            if u is not None:
                left = [f for f in left if f is not size and f is not u]
                found.append(("sign", u))
    return left, found


def paired(parts: Sequence[Expr], shifts: Shifts) -> tuple[list[tuple[Expr, Expr]], list[tuple[int, Expr]]]:
    """The differences ``z_c - z_t`` among the parts, each with what is subtracted, and the other parts with their signs."""
    left = sorted(((-1, -p) if p.could_extract_minus_sign() else (1, p) for p in parts), key=lambda item: str(item[1]))
    found = []
    for sign, part in list(left):
        if sign == 1 and not part.is_number and (sign, part) in left:
            other = next((o for s, o in left if s == -1 and _shape(o, shifts) == _shape(part, shifts)), None)
            if other is not None:
                found.append((part, other))
                left = [item for item in left if item not in ((1, part), (-1, other))]
    return found, left


def _shape(term: Expr, shifts: Shifts) -> Expr:
    """What is left of a term without its indices: two of the same shape may cancel."""
    written = term.xreplace({s.peak: s.argument for s in shifts.series})
    return written.xreplace({m: terms.scalar(name_of(m)) for m in written.atoms(Indexed)})
