"""False claims that look right and must never be proved, each beside a true twin that must be."""

from __future__ import annotations

from typing import NamedTuple

import pytest
from sympy import Abs, Expr, Integer, KroneckerDelta, Rational, Symbol, exp, log, pi, sqrt

from derive.judge.decide import decide
from derive.judge.verdict import Kind
from derive.terms.context import Claim, Context, Definition, Fact, Obligation, OneHot, Range
from derive.terms.terms import Call, Partial, bound, family, index, scalar, size, summation

i, j, k, l, m, q = (index(name) for name in "ijklmq")
n, d = size("n"), size("d")
z, a, b, y, w, h, g, A, P = (family(name) for name in ("z", "a", "b", "y", "w", "h", "g", "A", "P"))
x, t, E, L = (scalar(name) for name in ("x", "t", "E", "L"))


def total(body: Expr | int, variable: Symbol = k, low: Expr | int = 1, high: Expr | int = n,
          excluded: tuple[Expr, ...] = ()) -> Expr:
    return summation(Integer(body) if isinstance(body, int) else body, variable, low, high, excluded)


def f(*arguments: Expr) -> Expr:
    return Call("f", list(arguments))


PLAIN = Context()
ONE = Integer(1)
SOFT = PLAIN.define(Definition(a[i], exp(z[i]) / total(exp(z[k]))))
NORMALISED = PLAIN.assume(Fact(total(y[k]), "=", ONE))
HOT = PLAIN.assume(OneHot(y, i))
BELOW = PLAIN.assume(Fact(x, "<", Integer(0)))
GREATER = PLAIN.assume(Fact(x, ">", t))
SQUARED = PLAIN.assume(Fact(x**2, "=", ONE))
SYMMETRIC = PLAIN.assume(Fact(w[i, j], "=", w[j, i], (i, j)))
SHIFTED = PLAIN.with_range(j, Range(Integer(0), n))
WIDE = PLAIN.with_range(i, Range(ONE, d))
COLUMN = PLAIN.define(Definition(b[j], w[i, j]))
LAYERS = PLAIN.define(Definition(a[i], total(w[i, k] * z[k])), Definition(b[i], total(w[k, i] * a[k])))
GIVEN = PLAIN.define(Definition(Partial(E, a[i]), g[i]))
FUNCTION = PLAIN.define(Definition(f(x), total(x * z[k])))
SWAPPED = PLAIN.define(Definition(a[i, j], i * z[j]))
RECURSION = PLAIN.define(Definition(h[i], h[i - 1] * t), Definition(h[0], x))
PART = PLAIN.define(Definition(a[i], total(KroneckerDelta(k, 1), k, i)))
inner = bound("k")
LOGS = total(log(z[k]), k, 2)
POSITIVE = (Obligation(z[inner], ">", ((inner, Integer(2), n),)),)


class Row(NamedTuple):
    name: str
    context: Context
    left: Expr
    relation: str
    false: Expr
    twin: tuple[Expr, str, Expr]
    obligations: tuple[Obligation, ...] = ()


ROWS = (
    Row("sum over an empty range", PLAIN, total(1, k, 2, n - 1), "=", n - 2, (total(1, k, 1, n - 1), "=", n - 1)),
    Row("range i-2", PLAIN, total(1, k, 1, i - 2), "=", i - 2, (total(1, k, 1, i - 1), "=", i - 1)),
    Row("range from 3 at n = 1", PLAIN, total(k, k, 3), "=", n * (n + 1) / 2 - 3,
        (total(k, k, 2), "=", n * (n + 1) / 2 - 1)),
    Row("sifting in the wrong range", PLAIN, total(KroneckerDelta(i, k) * z[k], k, 1, d), "=", z[i],
        (total(KroneckerDelta(i, k) * z[k]), "=", z[i])),
    Row("sifting out of the range", PLAIN, total(KroneckerDelta(k + 1, i)), "=", ONE,
        (total(KroneckerDelta(k, i)), "=", ONE)),
    Row("derivative by a member that may not be there", PLAIN, Partial(total(z[k]), z[2]), "=", ONE,
        (Partial(total(z[k]), z[1]), "=", ONE)),
    Row("derivative by the next member", PLAIN, Partial(total(z[k]), z[i + 1]), "=", ONE,
        (Partial(total(z[k]), z[i]), "=", ONE)),
    Row("an index that starts at 0", SHIFTED, Partial(total(z[k]), z[j]), "=", ONE, (Partial(total(z[k]), z[i]), "=", ONE)),
    Row("an index of another range", WIDE, Partial(total(z[k]), z[i]), "=", ONE,
        (Partial(total(z[k], k, 1, d), z[i]), "=", ONE)),
    Row("two indices left out that may coincide", PLAIN, total(z[k], k, 1, n, (i, j)), "=", total(z[k]) - z[i] - z[j],
        (total(z[k], k, 1, n, (i, j)), "=", total(z[k]) - z[i] - (1 - KroneckerDelta(i, j)) * z[j])),
    Row("double restricted sum", PLAIN, total(total(z[k] * z[l], k, 1, n, (l,)), l), "=", total(z[k])**2,
        (total(total(z[k] * z[l], k, 1, n, (l,)), l), "=", total(z[k])**2 - total(z[k]**2))),
    Row("repeated index", PLAIN, Partial(total(total(w[k, l] * w[l, k], l)), w[i, j]), "=", w[j, i],
        (Partial(total(total(w[k, l] * w[l, k], l)), w[i, j]), "=", 2 * w[j, i])),
    Row("transposed layer", LAYERS, Partial(b[i], z[j]), "=", total(w[k, i] * w[j, k]),
        (Partial(b[i], z[j]), "=", total(w[k, i] * w[k, j]))),
    Row("square of a sum", LAYERS, total(a[k]**2), "=", total(total(w[k, l]**2 * z[l]**2, l)),
        (total(a[k]**2), "=", total(total(w[k, l] * z[l], l)**2))),
    Row("captured argument", FUNCTION, total(f(y[k])), "=", total(y[k] * z[k]),
        (total(f(y[k])), "=", total(y[k]) * total(z[k]))),
    Row("exchanged parameters", SWAPPED, a[j, i], "=", i * z[j], (a[j, i], "=", j * z[i])),
    Row("free index of a definition", COLUMN, b[l], "=", w[l, l], (b[l], "=", w[i, l])),
    Row("free index of a definition, substituted", COLUMN.assume(Fact(i, "=", j)), b[l] + z[i], "=", w[l, l] + z[j],
        (b[l] + z[i], "=", w[i, l] + z[j])),
    Row("range that depends on a parameter", PART, a[2] + a[1], "=", Integer(0), (a[2] + a[1], "=", ONE)),
    Row("recursion", RECURSION, h[3], "=", x * t**2, (h[3], "=", x * t**3)),
    Row("given derivative under a factor", GIVEN, Partial(2 * E, a[i]), "=", Integer(0), (Partial(2 * E, a[i]), "=", 2 * g[i])),
    Row("given derivative in a sum", GIVEN, Partial(E + a[i]**2, a[i]), "=", 2 * a[i],
        (Partial(E + a[i]**2, a[i]), "=", 2 * a[i] + g[i])),
    Row("a fact of another range", NORMALISED, total(y[k], k, 2), "=", ONE, (total(y[k], k, 2), "=", 1 - y[1])),
    Row("a fact is not differentiated", NORMALISED, Partial(total(y[k]), y[i]), "=", Integer(0),
        (Partial(total(y[k]), y[i]), "=", ONE)),
    Row("a square root of a fact", SQUARED, x, "=", ONE, (x**4, "=", ONE)),
    Row("symmetry", SYMMETRIC, w[i, j], "=", w[i, i], (w[i, j], "=", w[j, i])),
    Row("one-hot at another index", HOT, total(y[k] * z[k]), "=", z[j], (total(y[k] * z[k]), "=", z[i])),
    Row("derivative by one-hot", HOT, Partial(total(y[k]**2), y[j]), "=", Integer(2),
        (Partial(total(y[k]**2), y[j]), "=", 2 * y[j])),
    Row("positive on a part", PLAIN, LOGS + Abs(z[1]), "=", LOGS + z[1], (LOGS + Abs(z[2] / z[2]), "=", LOGS + 1), POSITIVE),
    Row("root of a square", PLAIN, sqrt(x**2), "=", x, (sqrt(x**2), "=", Abs(x))),
    Row("root of a square of a difference", PLAIN, sqrt((x - t)**2), "=", x - t, (sqrt((x - t)**2), "=", Abs(t - x))),
    Row("root of a square of a sum", PLAIN, sqrt(total(z[k])**2), "=", total(z[k]),
        (sqrt(total(z[k])**2), "=", Abs(total(z[k])))),
    Row("root of a square, negative", BELOW, sqrt(x**2), "=", x, (sqrt(x**2), "=", -x)),
    Row("absolute value of a difference", GREATER, Abs(t - x), "=", t - x, (Abs(t - x), "=", x - t)),
    Row("square and symbolic power", PLAIN, sqrt(x**(2 * n)), "=", x**n, (sqrt(x**(2 * n)), "=", Abs(x)**n)),
    Row("log of an even power", PLAIN, exp(log(x**2) / 2), "=", x, (exp(log(x**2) / 2), "=", Abs(x))),
    Row("squares are not positive", PLAIN, x**2, ">", Integer(0), (x**2, ">=", Integer(0))),
    Row("a restricted sum of exponentials", PLAIN, total(exp(z[k]), k, 1, n, (i,)), ">", Integer(0),
        (total(exp(z[k]), k, 1, n, (i,)), ">=", Integer(0))),
    Row("an empty sum of exponentials", PLAIN, total(exp(z[k]), k, 2), ">", Integer(0), (total(exp(z[k])), ">", Integer(0))),
    Row("a summand is less", PLAIN, z[i]**2, "<", total(z[k]**2), (z[i]**2, "<=", total(z[k]**2))),
    Row("a summand out of range", SHIFTED, exp(z[j]), "<=", total(exp(z[k])), (exp(z[i]), "<=", total(exp(z[k])))),
    Row("a delta", PLAIN, KroneckerDelta(i, j), ">", Integer(0), (KroneckerDelta(i, j), ">=", Integer(0))),
    Row("softmax, sign", SOFT, Partial(a[i], z[j]), "=", a[i] * (KroneckerDelta(i, j) + a[j]),
        (Partial(a[i], z[j]), "=", a[i] * (KroneckerDelta(i, j) - a[j]))),
    Row("softmax, case", SOFT, Partial(a[i], z[j]), "=", -a[i] * a[j], (Partial(total(a[k]), z[j]), "=", Integer(0))),
    Row("numbers", PLAIN, pi, "=", Rational(22, 7), (pi, "<", Rational(22, 7))),
)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_the_false_claim_is_not_proved_and_its_twin_is(row: Row) -> None:
    wrong = decide(Claim(row.left, row.relation, row.false, row.obligations), row.context)
    left, relation, right = row.twin
    right_one = decide(Claim(left, relation, right, row.obligations), row.context)
    assert (wrong.kind is not Kind.PROVED, right_one.kind) == (True, Kind.PROVED)
