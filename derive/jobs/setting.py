r"""Statements built from SymPy expressions instead of LaTeX.

>>> from sympy import Derivative, Eq, IndexedBase, Ne, Sum, Symbol, exp, log, symbols
>>> z, y, a = (IndexedBase(name) for name in "zya")
>>> i, j, k, n, L = symbols("i j k n L")
>>> model = (Setting()
...     .define(a[i], exp(z[i]) / Sum(exp(z[k]), (k, 1, n)))
...     .define(L, -Sum(y[k] * log(a[k]), (k, 1, n)))
...     .assume(Eq(Sum(y[k], (k, 1, n)), 1)))
>>> model.decide(Derivative(a[i], z[i]), a[i] * (1 - a[i])).kind.value
'proved'
>>> print(model.decide(Derivative(a[i], z[j]), -a[i] * a[j]).message)
holds when i != j
>>> model.derive(Derivative(L, z[i])).result == model.term(a[i] - y[i])
True

Matrix expressions are judged by their entries:

>>> from sympy import MatrixSymbol
>>> d = Symbol("d")
>>> X, w = MatrixSymbol("X", n, d), MatrixSymbol("w", d, 1)
>>> Setting().decide(Derivative((X * w).T * (X * w), w), 2 * X.T * X * w).kind.value
'proved'
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from importlib import import_module
from itertools import islice

from sympy import Abs, Basic, Expr, Function, Idx, Integer, KroneckerDelta, Symbol
from sympy.core.relational import Relational
from sympy.core.sympify import _sympify

from derive.jobs import matrices
from derive.judge.decide import decide
from derive.judge.verdict import Kind, Verdict
from derive.prover.derivation import Derivation, goal_latex, obligations_of
from derive.prover.planner import Prover
from derive.terms import terms
from derive.terms.context import Claim, Context, Definition, Fact, OneHot, Range
from derive.terms.elementary import row_of
from derive.terms.relations import BY_SYMBOL, RelationKey, judged
from derive.terms.terms import free_indices, standardised
from derive.writing.wording import worded
from derive.writing.writer import UnwritableTerm, claim_latex, latex

TAKEN = (KroneckerDelta, Abs)
"""Functions that are terms, beside those of the table of elementary functions."""


@dataclass(frozen=True)
class Judged:
    """A claim with its verdict; a notebook shows it as LaTeX."""

    claim: Claim
    verdict: Verdict

    @property
    def kind(self) -> Kind:
        return self.verdict.kind

    @property
    def message(self) -> str:
        return self.verdict.message

    def __repr__(self) -> str:
        return f"<{self.kind.value}: {self.claim.latex}{'; ' + self.message if self.message else ''}>"

    def _repr_latex_(self) -> str:
        return rf"$\displaystyle {self.claim.latex} \quad \text{{({self.kind.value})}}$"

    def _repr_html_(self) -> str:
        """The claim with its condition or its witness. How it looks is decided by what is loaded when it is shown."""
        return str(import_module("derive.report.check.html.notebook").judged(self.claim.latex, self.verdict))


@dataclass(frozen=True)
class Derived:
    """A derivation; a notebook shows its goal and result as LaTeX."""

    derivation: Derivation

    @property
    def result(self) -> Expr | None:
        """The right side that was found, None if the goal is still open."""
        return self.derivation.result

    def __repr__(self) -> str:
        return f"<{goal_latex(self.derivation)}>"

    def _repr_latex_(self) -> str:
        return rf"$\displaystyle {goal_latex(self.derivation)}$"


@dataclass(frozen=True)
class Setting:
    """What is defined and assumed, in SymPy's expressions. Immutable: each method returns a new setting.

    A symbol that bounds a sum is a size, one that indexes a family an index, in this statement and in all later ones;
    every other symbol is a real scalar. Matrix symbols are families of numbers, and what holds of matrices holds of all their
    entries; indices that stand in places of a matrix count from 0, as in SymPy.

    Raises, in each method:
        TypeError: for what is not taken, with its name; for sides of different shapes; for an index that counts from 0 in one
            statement and from 1 in another.
    """

    context: Context = Context()
    sizes: frozenset[str] = frozenset({"n"})
    indices: frozenset[str] = frozenset()
    from_0: frozenset[str] = frozenset()

    def define(self, head: Expr, body: Expr) -> Setting:
        """With ``head = body``, where the head is a scalar ``L`` or a member ``a[i]``."""
        setting, (left, right), _ = self._stated(head, body, alphabet=matrices.KEPT)
        return setting._with(setting.context.define(Definition(left, right)))

    def assume(self, hypothesis: Relational | OneHot) -> Setting:
        """With a hypothesis: a relation (``Eq(Sum(y[k], (k, 1, n)), 1)``, ``x > 0``, ``Ne(i, j)``) or one-hot labels.

        Raises:
            TypeError: if it is no relation (SymPy may have decided it to be true or false).
        """
        if isinstance(hypothesis, OneHot):
            return self._with(self.context.assume(replace(hypothesis, family=terms.family(str(hypothesis.family.label)))))
        if not isinstance(hypothesis, Relational):
            raise TypeError(f"a relation was expected, found {hypothesis!r}")
        setting, (left, right), places = self._stated(*hypothesis.args, alphabet=matrices.KEPT)
        every = bool(places) or hypothesis.rel_op not in ("==", "!=")
        general = tuple(dict.fromkeys(free_indices(left) + free_indices(right))) if every else ()
        relation = judged(BY_SYMBOL[hypothesis.rel_op].key)
        return setting._with(setting.context.assume(Fact(left, relation, right, general)))

    def range(self, index: Expr, low: Expr | int, high: Expr | int) -> Setting:
        """With the index running over low..high."""
        setting = replace(
            self, indices=self.indices | {str(index)}, sizes=self.sizes | {s.name for s in _sympify(high).free_symbols}
        )
        span = Range(setting.term(_sympify(low)), setting.term(_sympify(high)))
        return setting._with(setting.context.with_range(terms.index(str(index)), span))

    def decide(self, left: Expr, right: Expr, relation: RelationKey = "=") -> Judged:
        """The verdict on ``left relation right`` here."""
        setting, sides, _ = self._stated(left, right)
        context = setting.context
        obligations = tuple(dict.fromkeys(o for side in sides for o in obligations_of(side, context)))
        claim = Claim(sides[0], relation, sides[1], obligations, latex=claim_latex(sides[0], relation, sides[1], context))
        return Judged(claim, worded(decide(claim, context), context))

    def derive(self, goal: Expr) -> Derived:
        """A derivation of ``goal = …``, every step of which was judged."""
        setting, (term,), _ = self._stated(goal)
        return Derived(Prover(setting.context).derive(term))

    def term(self, expression: Expr | int) -> Expr:
        """The expression in the vocabulary of :mod:`derive.terms.terms`."""
        term = standardised(_sympify(expression), self.sizes, self.indices - self.sizes)
        for each in term.atoms(Function):
            if row_of(each) is None and not isinstance(each, TAKEN):
                raise TypeError(f"{type(each).__name__} is not taken: {each}")
        try:
            latex(term)
        except UnwritableTerm as problem:
            raise TypeError(str(problem)) from problem
        return term

    def _stated(
        self, *sides: Expr, alphabet: Sequence[str] = matrices.ASKED
    ) -> tuple[Setting, tuple[Expr, ...], tuple[Symbol, ...]]:
        """The setting in which `sides` are read, what they mean, and the letters for the places of matrices in them."""
        sides = tuple(_sympify(side) for side in sides)
        shapes = dict.fromkeys(shape for side in sides if (shape := matrices.shape_of(side)) is not None)
        if len(shapes) > 1 or shapes and None in map(matrices.shape_of, sides) and matrices.ONE not in shapes:
            found = ", ".join(f"{rows} × {columns}" for rows, columns in shapes)
            raise TypeError(f"expected sides of one shape, found {found}{' and a number' if len(shapes) == 1 else ''}")
        setting = self._with_spaces(*sides)._counting(*sides)
        counters = {each for side in sides for each in side.atoms(Idx)}
        for counter in sorted(counters, key=str):
            if counter.lower is not None and counter.upper is not None:
                setting = setting.range(counter.label, counter.lower, counter.upper)
        sides = tuple(side.xreplace({each: each.label for each in counters}) for side in sides)
        names = frozenset(s.name for side in sides for s in side.free_symbols if isinstance(s, Symbol))
        row, column = islice(matrices.letters(alphabet, names | setting.sizes | setting.indices), 2)
        rows, columns = next(iter(shapes), matrices.ONE)
        places = {row: rows, column: columns}
        for letter, length in places.items():
            if length != 1:
                setting = setting.range(letter, 1, length)
        at = [letter if length != 1 else Integer(1) for letter, length in places.items()]
        shifted = {s: s - 1 for side in sides for s in side.atoms(Symbol) if s.name in setting.from_0}
        lowered = [matrices.number(side) if matrices.shape_of(side) is None else matrices.entry(side, *at) for side in sides]
        lowered = [side.xreplace(shifted) for side in lowered]
        setting = setting._seeing(*lowered)
        return setting, tuple(setting.term(side) for side in lowered), tuple(place for place in at if isinstance(place, Symbol))

    def _with_spaces(self, *sides: Basic) -> Setting:
        """With the lengths of the matrices that stand in `sides`."""
        setting = self
        for side in sides:
            for name, shape in matrices.spaces(side).items():
                lengths = [length for length in shape if length != 1]
                sizes = {s.name for length in lengths for s in length.free_symbols}
                setting = replace(setting, sizes=setting.sizes | sizes)
                spans = tuple(Range(Integer(1), setting.term(length)) for length in lengths)
                if spans:
                    setting = setting._with(setting.context.with_shape(name, spans))
        return setting

    def _counting(self, *sides: Basic) -> Setting:
        """With the indices that stand in places of matrices; none of them counts from 1 elsewhere, nor stands for a number."""
        here = frozenset(name for side in sides for name in matrices.counted_from_0(side))
        known = (here & self.indices) - self.from_0
        alone = self.from_0 - here & {s.name for side in sides for s in side.free_symbols if isinstance(s, Symbol)}
        if known or alone and not all(isinstance(side, Symbol) and side.name in self.from_0 for side in sides):
            name = min(known or alone)
            raise TypeError(f"{name} counts from 0 as a place of a matrix, and from 1 elsewhere: take two letters")
        return replace(self, from_0=self.from_0 | here, indices=self.indices | here)

    def _seeing(self, *expressions: Expr) -> Setting:
        sizes, indices = self.sizes, self.indices
        for expression in expressions:
            more_sizes, more_indices = terms.roles(_sympify(expression))
            sizes, indices = sizes | more_sizes, indices | more_indices
        return replace(self, sizes=sizes, indices=indices - sizes)

    def _with(self, context: Context) -> Setting:
        return replace(self, context=context)
