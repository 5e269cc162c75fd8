"""Exact samples of families that an assumed product ties: orthogonal, inverse to each other, idempotent, of unit norm.

The equations are not affine, so that they are not solved for: matrices of each kind are made of free ones, over the
rationals, and the equations are checked at them like any other. A kind is known by the sum that is assumed, ``Σ_k U V`` of two
members (or of the square of one) with one index each beside k.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from random import Random

from flint import fmpq, fmpq_mat
from sympy import Expr, Indexed, KroneckerDelta, Mul, Pow, Sum, Symbol

from derive.judge.points.linear import Inconsistent, Primitive
from derive.terms import terms
from derive.terms.arrays import MatrixDeterminant
from derive.terms.chance import is_probability
from derive.terms.context import Context, Fact

Dimension = Callable[[Expr, Expr], range]
"""The integers from a low to a high end, at the sizes of a point."""


@dataclass(frozen=True)
class _Factor:
    """A member in the sum: its family, whether the summed index comes first, and the index beside it (None for a vector)."""

    name: str
    first: bool
    free: Symbol | None


@dataclass(frozen=True)
class _Word:
    """What is assumed of the product of two factors summed over an index from `low` to `high`."""

    factors: tuple[_Factor, _Factor]
    low: Expr
    high: Expr
    right: Expr


def tied_values(facts: Iterable[Fact], context: Context, integers: Dimension, seed: str) -> dict[Primitive, Fraction]:
    """Values of all members of families that a hypothesis ties, by kind; {} where no hypothesis is of a kind known here.

    A family that two hypotheses tie gets the values of the first; whoever asks must check the equations.

    Raises:
        Inconsistent: where there are no such matrices, for their shapes.
    """
    facts = tuple(facts)
    found = definite_values(facts, context, integers, seed)
    found |= whitened_values(facts, context, integers, seed)
    found |= frame_values(facts, integers, seed)
    done: set[str] = {name for name, _ in found}
    for number, fact in enumerate(facts):
        word = _word(fact)
        if word is None or done & {factor.name for factor in word.factors}:
            continue
        draw = Random(f"{seed}|{number}")
        inner = integers(word.low, word.high)
        values = _values(word, context, integers, inner, draw)
        if values is not None:
            found |= values
            done |= {factor.name for factor in word.factors}
    return found


def definite_values(facts: Sequence[Fact], context: Context, integers: Dimension, seed: str) -> dict[Primitive, Fraction]:
    """Values of the families of which the determinant and all of the diagonal are said to be positive, or not negative: of a
    matrix times its own transpose, which is what those are said of where the word is *definite*."""
    found: dict[Primitive, Fraction] = {}
    for fact in facts:
        name = _of_determinant(fact)
        along = next((other for other in facts if name and _is_diagonal_of(other, name, fact)), None)
        if along is None or not isinstance(fact.left, MatrixDeterminant):
            continue
        span = integers(*fact.left.span)
        draw = Random(f"{seed}|{name}")
        n = len(span)
        root = _invertible(n, draw) if fact.relation == ">" else _any(n, n, draw)
        matrix = root * root.transpose()
        found |= {
            (name, (span[r], span[c])): Fraction(int(matrix[r, c].p), int(matrix[r, c].q)) for r in range(n) for c in range(n)
        }
    return found


def whitened_values(facts: Sequence[Fact], context: Context, integers: Dimension, seed: str) -> dict[Primitive, Fraction]:
    """Probabilities and values of a random vector of mean 0 and of covariance I.

    The products of the roots of the probabilities and of the values are rows of an orthogonal matrix, whose first row are the
    roots themselves.
    """
    for fact in facts:
        moment = _second_moment(fact)
        if moment is None:
            continue
        weights, name, low, high, index = moment
        outcomes = integers(low, high)
        span = context.range_of(index) if index is not None else None
        rows = len(integers(span.low, span.high)) if span is not None else 1
        if rows + 1 > len(outcomes):
            raise Inconsistent(f"{len(outcomes)} outcomes are too few for {rows} numbers that do not depend on one another")
        draw = Random(f"{seed}|{name}")
        size = len(outcomes)
        roots = [Fraction(0)]
        while not all(roots):
            roots = _unit(size, draw)
        matrix = _beginning_with(roots)
        values: dict[Primitive, Fraction] = {(weights, (at,)): root * root for at, root in zip(outcomes, roots, strict=True)}
        for row in range(1, rows + 1):
            for at, root, entry in zip(outcomes, roots, matrix[row], strict=True):
                values[name, (row, at) if index is not None else (at,)] = entry / root
        return values
    return {}


def frame_values(facts: Sequence[Fact], integers: Dimension, seed: str) -> dict[Primitive, Fraction]:
    """Values of vectors of which each two are orthogonal, those of length 1 among them: of rows of an orthogonal matrix."""
    words = [word for fact in facts if (word := _word(fact)) is not None and not any(each.free for each in word.factors)]
    units = {word.factors[0].name for word in words if word.right == 1 and word.factors[0] == word.factors[1]}
    apart = [word for word in words if word.right == 0 and word.factors[0] != word.factors[1]]
    pairs = {frozenset(each.name for each in word.factors) for word in apart}
    names = sorted({name for pair in pairs for name in pair})
    ends = {(word.low, word.high) for word in apart}
    if not names or len(ends) != 1 or 2 * len(pairs) != len(names) * (len(names) - 1):
        return {}
    span = integers(*ends.pop())
    if len(names) > len(span):
        raise Inconsistent(f"{len(names)} vectors of {len(span)} entries are not all orthogonal to one another")
    draw = Random(f"{seed}|{','.join(names)}")
    matrix = _orthogonal(len(span), draw)
    found: dict[Primitive, Fraction] = {}
    for row, name in enumerate(names):
        length = Fraction(1) if name in units else Fraction(draw.choice((-3, -2, 2, 3)), draw.choice((1, 2)))
        for column, at in enumerate(span):
            entry = matrix[row, column]
            found[name, (at,)] = length * Fraction(int(entry.p), int(entry.q))
    return found


def _second_moment(fact: Fact) -> tuple[str, str, Expr, Expr, Symbol | None] | None:
    """The families of ``Σ_ω P_ω z_kω z_lω = δ_kl`` or ``Σ_ω P_ω z_ω^2 = 1``, the ends of ω and k; None for anything else."""
    left = fact.left
    if fact.relation != "=" or not isinstance(left, Sum) or len(left.limits) != 1:
        return None
    body, variable, low, high = terms.peel(left)
    members: list[Expr] = []
    for each in body.args if isinstance(body, Mul) else ():
        members += [each.base] * 2 if isinstance(each, Pow) and each.exp == 2 else [each]
    named = [each for each in members if isinstance(each, Indexed)]
    weights = [each for each in named if is_probability(str(each.base.label))]
    rest = [each for each in named if each not in weights]
    if len(members) != 3 or len(weights) != 1 or len(rest) != 2 or rest[0].base != rest[1].base:
        return None
    if any(each.indices[-1] != variable or len(each.indices) > 2 for each in rest):
        return None
    name, family = str(weights[0].base.label), str(rest[0].base.label)
    if len(rest[0].indices) == 1:
        return (name, family, low, high, None) if fact.right == 1 else None
    first, second = (each.indices[0] for each in rest)
    if not isinstance(fact.right, KroneckerDelta) or set(fact.right.args) != {first, second} or first == second:
        return None
    return (name, family, low, high, first) if isinstance(first, Symbol) and first in fact.forall else None


def _beginning_with(row: list[Fraction]) -> list[list[Fraction]]:
    """A reflection that takes the first unit vector to a row of length 1: an orthogonal matrix with that first row."""
    size = len(row)
    away = [value - (1 if at == 0 else 0) for at, value in enumerate(row)]
    square = sum((value * value for value in away), Fraction(0))
    eye = [[Fraction(int(r == c)) for c in range(size)] for r in range(size)]
    if not square:
        return eye
    return [[eye[r][c] - 2 * away[r] * away[c] / square for c in range(size)] for r in range(size)]


def _of_determinant(fact: Fact) -> str:
    """The family of which the determinant is said to be positive, or not negative; "" for any other hypothesis."""
    whole = fact.left
    if not isinstance(whole, MatrixDeterminant) or fact.right != 0 or fact.relation not in (">", ">="):
        return ""
    body = whole.body
    return str(body.base.label) if isinstance(body, Indexed) and body.indices == whole.places else ""


def _is_diagonal_of(fact: Fact, name: str, other: Fact) -> bool:
    """Whether a hypothesis says of the diagonal of a family what another says of its determinant."""
    left = fact.left
    if not isinstance(left, Indexed) or str(left.base.label) != name or len(left.indices) != 2:
        return False
    return fact.relation == other.relation and fact.right == 0 and len(set(left.indices)) == 1 == len(fact.forall)


def _word(fact: Fact) -> _Word | None:
    left, right = fact.left, fact.right
    if fact.relation != "=":
        return None
    if isinstance(right, Sum) and not isinstance(left, Sum):
        left, right = right, left
    if isinstance(left, Pow) and left.exp == Fraction(1, 2) and right == 1:
        left = left.base
    if not isinstance(left, Sum) or len(left.limits) != 1:
        return None
    body, variable, low, high = terms.peel(left)
    members = list(body.args) if isinstance(body, Mul) else [body]
    if len(members) == 1 and isinstance(body, Pow) and body.exp == 2:
        members = [body.base, body.base]
    factors = [_factor(member, variable, fact.forall) for member in members]
    if len(factors) != 2 or factors[0] is None or factors[1] is None:
        return None
    return _Word((factors[0], factors[1]), low, high, right)


def _factor(member: Expr, variable: Symbol, forall: tuple[Symbol, ...]) -> _Factor | None:
    if not isinstance(member, Indexed) or variable not in member.indices or len(member.indices) > 2:
        return None
    name, others = str(member.base.label), [p for p in member.indices if p != variable]
    if len(others) != len(member.indices) - 1:
        return None
    if not others:
        return _Factor(name, True, None)
    (free,) = others
    return _Factor(name, member.indices[0] == variable, free) if isinstance(free, Symbol) and free in forall else None


def _values(word: _Word, context: Context, integers: Dimension, inner: range, draw: Random) -> dict[Primitive, Fraction] | None:
    one, other = word.factors
    if one.free is None or other.free is None:
        alike = one == other and word.right == 1 and len(inner) > 0
        return dict(zip(((one.name, (k,)) for k in inner), _unit(len(inner), draw), strict=True)) if alike else None
    spans = [context.range_of(factor.free) for factor in (one, other) if factor.free is not None]
    outer = [integers(span.low, span.high) for span in spans]
    if any(span.start != 1 for span in (*outer, inner)):
        return None
    n, k = len(outer[0]), len(inner)
    if isinstance(word.right, KroneckerDelta) and set(word.right.args) == {one.free, other.free} and one.free != other.free:
        if one.name == other.name and one.first == other.first:
            if n != len(outer[1]):
                return None
            _fits(n, k)
            matrix = _orthogonal(k, draw)
            return _placed(one, _part(matrix, n, k))
        if one.name == other.name:
            return _placed(one, _conjugated(n, draw, (1, -1))) if n == k == len(outer[1]) else None
        if n != len(outer[1]):
            return None
        _fits(n, k)
        a, b = _inverse_pair(n, k, draw)
        return _placed(one, a) | _placed(other, b.transpose())
    if isinstance(word.right, Indexed) and str(word.right.base.label) == one.name == other.name and one.first != other.first:
        left, right = (one, other) if other.first else (other, one)
        if word.right.indices != (left.free, right.free) or not n == k == len(outer[1]):
            return None
        return _placed(left, _projection(n, draw) if draw.random() < 0.5 else _conjugated(n, draw, (0, 1)))
    return None


def _fits(rows: int, inner: int) -> None:
    """Raises :class:`Inconsistent` where a product over too few indices cannot have the rank of I."""
    if rows > inner:
        raise Inconsistent(f"a product over {inner} indices is no identity of {rows} rows")


def _placed(factor: _Factor, matrix: fmpq_mat) -> dict[Primitive, Fraction]:
    """The members of a factor's family; the matrix has a row for each value of the free index, a column for the summed one."""
    return {
        (factor.name, (c + 1, r + 1) if factor.first else (r + 1, c + 1)): Fraction(int(matrix[r, c].p), int(matrix[r, c].q))
        for r in range(matrix.nrows())
        for c in range(matrix.ncols())
    }


def _number(draw: Random) -> fmpq:
    return fmpq(draw.randint(-3, 3), draw.choice((1, 1, 2, 3)))


def _any(rows: int, columns: int, draw: Random) -> fmpq_mat:
    return fmpq_mat(rows, columns, [_number(draw) for _ in range(rows * columns)])


def _eye(n: int) -> fmpq_mat:
    return fmpq_mat(n, n, [fmpq(int(r == c)) for r in range(n) for c in range(n)])


def _invertible(n: int, draw: Random) -> fmpq_mat:
    while True:
        matrix = _any(n, n, draw)
        if matrix.det() != 0:
            return matrix


def _orthogonal(n: int, draw: Random) -> fmpq_mat:
    """Cayley's (I - S)(I + S)^{-1} of an antisymmetric S, or a reflection, which is symmetric too; rows get signs."""
    if draw.random() < 0.3:
        return _eye(n) - 2 * _projection(n, draw)
    free = _any(n, n, draw)
    antisymmetric = free - free.transpose()
    matrix = (_eye(n) - antisymmetric) * (_eye(n) + antisymmetric).inv()
    signs = [draw.choice((1, -1)) for _ in range(n)]
    return fmpq_mat(n, n, [matrix[r, c] * signs[r] for r in range(n) for c in range(n)])


def _part(matrix: fmpq_mat, rows: int, columns: int) -> fmpq_mat:
    return fmpq_mat(rows, columns, [matrix[r, c] for r in range(rows) for c in range(columns)])


def _conjugated(n: int, draw: Random, values: tuple[int, int]) -> fmpq_mat:
    """P D P^{-1} with a diagonal D of the two values."""
    by = _invertible(n, draw)
    chosen = [draw.choice(values) for _ in range(n)]
    diagonal = fmpq_mat(n, n, [fmpq(chosen[r] if r == c else 0) for r in range(n) for c in range(n)])
    return by * diagonal * by.inv()


def _projection(n: int, draw: Random) -> fmpq_mat:
    """V (V^T V)^{-1} V^T, symmetric and idempotent."""
    rank = draw.randint(1, n)
    while True:
        v = _any(n, rank, draw)
        square = v.transpose() * v
        if square.det() != 0:
            return v * square.inv() * v.transpose()


def _inverse_pair(n: int, k: int, draw: Random) -> tuple[fmpq_mat, fmpq_mat]:
    """A with n rows and k columns and a B with A B = I."""
    while True:
        a, c = _any(n, k, draw), _any(k, n, draw)
        if (a * c).det() != 0:
            return a, c * (a * c).inv()


def _unit(n: int, draw: Random) -> list[Fraction]:
    """A rational point of the unit sphere."""
    if n == 1:
        return [Fraction(draw.choice((1, -1)))]
    free = [Fraction(draw.randint(-4, 4), draw.choice((1, 2, 3))) for _ in range(n - 1)]
    square = sum((value * value for value in free), Fraction(0))
    return [*(2 * value / (square + 1) for value in free), (square - 1) / (square + 1)]
