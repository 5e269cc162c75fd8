r"""What is written reads back as the same term: random terms over all heads of the vocabulary.

    python -m tests.hostile.reread --count 10000 [--seed N]

Two terms are the same if they are equal as trees of SymPy after their bound indices are numbered from the outside in.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random

import sympy
from sympy import And, Basic, Eq, Expr, Integer, KroneckerDelta, Mul, Ne, Pow, Rational, Sum, Symbol, exp, log, pi, sqrt

from derive.latex.reading import read_formula
from derive.latex.symbols.table import SymbolTable
from derive.terms.terms import Call, Cases, Partial, Vector, bound, family, index, peel, scalar, size
from derive.writing.messages.rendering import rendered
from derive.writing.writer import claim_latex

RELATIONS = ("=", "=", "<", ">", "<=", ">=", "!=")
SCALARS = ("x", "t", "\\eta", "\\tau", "Loss", "\\hat{y}")
FAMILIES = (("a", 1), ("z", 1), ("\\theta", 1), ("w", 2), ("net", 1), ("W^+", 2))
FUNCTIONS = (sympy.sin, sympy.cos, sympy.tanh, sympy.log, sympy.atan, sympy.sinh)


def table() -> SymbolTable:
    """The names of the terms, declared."""
    found = SymbolTable()
    for name in SCALARS:
        found = found.with_scalar(name)
    for name, arity in FAMILIES:
        found = found.with_family(name, arity)
    return found.with_function("f").with_function("g").with_size("n")


@dataclass
class Terms:
    """Random terms; `indices` are those in scope."""

    source: Random

    def term(self, depth: int, indices: Sequence[Symbol]) -> Expr:
        """A term of at most this depth."""
        if depth <= 0:
            return self.leaf(indices)
        heads: tuple[Callable[[int, Sequence[Symbol]], Expr], ...] = (
            self.leaf_at,
            self.sum,
            self.product,
            self.quotient,
            self.power,
            self.function,
            self.total,
            self.total,
            self.total,
            self.cases,
            self.derivative,
            self.call,
            self.signed,
        )
        return self.source.choice(heads)(depth - 1, indices)

    def leaf(self, indices: Sequence[Symbol]) -> Expr:
        choose = self.source.choice
        return choose(
            (
                lambda: self.member(indices),
                lambda: self.member(indices),
                lambda: scalar(choose(SCALARS)),
                lambda: Integer(choose((0, 1, 2, 3, 10, -1, -2))),
                lambda: Rational(choose((1, -1, 3)), choose((2, 3, 7))),
                lambda: KroneckerDelta(choose(indices), choose((*indices, Integer(1)))),
                lambda: choose((pi, sympy.E, size("n"))),
            )
        )()

    def leaf_at(self, depth: int, indices: Sequence[Symbol]) -> Expr:
        return self.leaf(indices)

    def member(self, indices: Sequence[Symbol]) -> Expr:
        name, arity = self.source.choice(FAMILIES)
        places = [
            self.source.choice((*indices, *indices, Integer(1), Integer(2), self.source.choice(indices) + 1))
            for _ in range(arity)
        ]
        return family(name)[tuple(places)]

    def sum(self, depth: int, indices: Sequence[Symbol]) -> Expr:
        return sympy.Add(
            *(self.term(depth, indices) * self.source.choice((1, 1, -1)) for _ in range(self.source.choice((2, 2, 3))))
        )

    def product(self, depth: int, indices: Sequence[Symbol]) -> Expr:
        return Mul(*(self.term(depth, indices) for _ in range(self.source.choice((2, 2, 3)))))

    def quotient(self, depth: int, indices: Sequence[Symbol]) -> Expr:
        below = self.term(depth, indices)
        return self.term(depth, indices) / (below if below != 0 else Integer(7))

    def power(self, depth: int, indices: Sequence[Symbol]) -> Expr:
        base = self.term(depth, indices)
        exponent = self.source.choice(
            (
                Integer(2),
                Integer(3),
                Integer(-1),
                Integer(-2),
                Rational(1, 2),
                Rational(-1, 2),
                Rational(3, 2),
                scalar("x"),
                self.term(depth - 1, indices),
            )
        )
        # Zero and negative numbers have no power that is real for every exponent.
        return (
            exp(exponent)
            if base.is_number and not base.is_positive and not exponent.is_Integer or base == 0
            else Pow(base, exponent)
        )

    def function(self, depth: int, indices: Sequence[Symbol]) -> Expr:
        inside = self.term(depth, indices)
        head = self.source.choice((exp, exp, exp, log, sqrt, sympy.Abs, *FUNCTIONS))
        return exp(inside) if head is log and inside == 0 else head(inside)

    def total(self, depth: int, indices: Sequence[Symbol]) -> Expr:
        variable = bound(self.source.choice(("k", "k", "j", "m", "i")))
        body = self.term(depth, (*indices, variable, variable))
        if self.source.random() < 0.3:
            excluded = self.source.sample(list(dict.fromkeys(indices)), 1)
            body = Cases((body, Ne(variable, excluded[0])), (Integer(0), True))
        low, high = self.source.choice(
            ((Integer(1), size("n")), (Integer(1), size("n")), (Integer(0), size("n") - 1), (Integer(2), Integer(5)))
        )
        return Sum(body, (variable, low, high))

    def cases(self, depth: int, indices: Sequence[Symbol]) -> Expr:
        i, j = self.source.choice(indices), self.source.choice((*indices, Integer(1)))
        condition = self.source.choice((Eq, Ne))(i, j)
        if condition in (sympy.true, sympy.false):
            return self.term(depth, indices)
        value, other = self.term(depth, indices), self.term(depth, indices)
        return Cases((value, condition), (other, True))

    def derivative(self, depth: int, indices: Sequence[Symbol]) -> Expr:
        variable = self.source.choice((scalar("x"), self.member(indices), scalar("\\tau")))
        of = self.source.choice((scalar("Loss"), self.member(indices), self.term(depth, indices)))
        result = Partial(of, variable)
        return Partial(result, self.source.choice((variable, self.member(indices)))) if self.source.random() < 0.25 else result

    def call(self, depth: int, indices: Sequence[Symbol]) -> Expr:
        if self.source.random() < 0.5:
            return Call("f", [self.term(depth, indices)], [self.source.choice((0, 0, 1, 2))])
        return Call("g", [self.term(depth, indices), self.term(depth, indices)])

    def signed(self, depth: int, indices: Sequence[Symbol]) -> Expr:
        return -self.term(depth, indices)


def numbered(term: Basic) -> Basic:
    """The term with its bound indices numbered by their depth, so that only what they bind tells sums apart."""

    def visit(node: Basic, names: dict[Symbol, Symbol], depth: int) -> Basic:
        if isinstance(node, Sum):
            body, variable, low, high = peel(node)
            fresh = Symbol(f"bound {depth}", integer=True)
            inner = visit(body, {**names, variable: fresh}, depth + 1)
            return sympy.Tuple(Symbol("sum"), fresh, visit(low, names, depth), visit(high, names, depth), inner)
        if isinstance(node, Symbol):
            return names.get(node, node)
        if isinstance(node, Cases) and len(node.args) == 2 and node.args[1].cond == node.args[0].cond.negated:
            node = Cases(node.args[0], (node.args[1].expr, True))  # the writer names what the rest is
        if isinstance(node, Mul | Pow):
            node = _apart(node)
        if not node.args:
            return node
        parts = [visit(part, names, depth) for part in node.args]
        if isinstance(node, sympy.Add | Mul | KroneckerDelta | And | Eq | Ne):
            parts.sort(key=sympy.default_sort_key)
        return sympy.Tuple(Symbol(type(node).__name__), *parts)

    return visit(term, {}, 0)


def _apart(node: Mul | Pow) -> Expr:
    """With rational contents in front and one power for a base: SymPy's constructor does either only as the factors come."""
    content, powers = Integer(1), {}
    for factor in node.args if isinstance(node, Mul) else (node,):
        base, exponent = (factor, Integer(1)) if isinstance(factor, exp) else factor.as_base_exp()
        if isinstance(base, sympy.Add) and exponent.is_Integer:
            number, base = base.primitive()
            content *= number**exponent
        if factor.is_Rational:
            content *= factor
        else:
            powers[base] = powers.get(base, Integer(0)) + exponent
    factors = [Pow(base, exponent) for base, exponent in powers.items()]
    return Mul(content, *factors, evaluate=False) if len(factors) > 1 or content != 1 else factors[0]


def differs(left: Expr, relation: str, right: Expr, known: SymbolTable) -> str:
    """Why the claim is not read back as it is; empty if it is."""
    written = claim_latex(left, relation, right)
    reading = read_formula(written, known)
    if reading.unread:
        return f"unread ({rendered(reading.unread[0].reason)}): {written}"
    if len(reading.claims) != 1:
        return f"{len(reading.claims)} claims: {written}"
    claim = reading.claims[0]
    if claim.relation != relation:
        return f"the relation {claim.relation} for {relation}: {written}"
    for side, found in ((left, claim.left), (right, claim.right)):
        if numbered(side) != numbered(found):
            return f"{found} for {side}: {written}"
    return ""


def claim(source: Random) -> tuple[Expr, str, Expr]:
    """A random claim without undefined numbers, and without sums of zeros, which may stand below a line."""
    terms, indices = Terms(source), (index("i"), index("j"))
    while True:
        left, right = (terms.term(source.choice((1, 2, 2, 3)), indices) for _ in range(2))
        if source.random() < 0.05:
            left, right = Vector(left, right), Vector(right, left)
            relation = "="
        else:
            relation = source.choice(RELATIONS)
        zero = any(isinstance(total, Sum) and total.function == 0 for side in (left, right) for total in side.atoms(Sum))
        if not zero and not any(side.has(sympy.zoo, sympy.nan, sympy.oo, -sympy.oo, sympy.I) for side in (left, right)):
            return left, relation, right


def run(count: int, seed: int, tell: Callable[[int], object] = lambda done: None) -> list[str]:
    """What differs among `count` random claims."""
    source, known, found = Random(seed), table(), []
    for done in range(count):
        if problem := differs(*claim(source), known):
            found.append(problem)
        if done % 1000 == 999:
            tell(done + 1)
    return found


def main() -> int:
    """The command; exit status 1 if a term was not read back."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--count", type=int, default=10000)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    found = run(options.count, options.seed, lambda done: print(f"{done} of {options.count}", file=sys.stderr, flush=True))
    for problem in found[:40]:
        print(problem, file=sys.stderr)
    print(f"{options.count} claims written and read, {len(found)} differ")
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main())
