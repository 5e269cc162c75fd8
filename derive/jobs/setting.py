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
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from importlib import import_module

from sympy import Expr
from sympy.core.relational import Relational
from sympy.core.sympify import _sympify

from derive.judge.decide import decide
from derive.judge.verdict import Kind, Verdict
from derive.prover.derivation import Derivation, goal_latex, obligations_of
from derive.prover.planner import Prover
from derive.terms import terms
from derive.terms.context import Claim, Context, Definition, Fact, OneHot, Range
from derive.terms.relations import BY_SYMBOL, RelationKey, judged
from derive.terms.terms import free_indices, standardised
from derive.writing.wording import worded
from derive.writing.writer import claim_latex


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
    every other symbol is a real scalar.
    """

    context: Context = Context()
    sizes: frozenset[str] = frozenset({"n"})
    indices: frozenset[str] = frozenset()

    def define(self, head: Expr, body: Expr) -> Setting:
        """With ``head = body``, where the head is a scalar ``L`` or a member ``a[i]``."""
        setting = self._seeing(head, body)
        return setting._with(setting.context.define(Definition(setting.term(head), setting.term(body))))

    def assume(self, hypothesis: Relational | OneHot) -> Setting:
        """With a hypothesis: a relation (``Eq(Sum(y[k], (k, 1, n)), 1)``, ``x > 0``, ``Ne(i, j)``) or one-hot labels.

        Raises:
            TypeError: if it is no relation (SymPy may have decided it to be true or false).
        """
        if isinstance(hypothesis, OneHot):
            return self._with(self.context.assume(replace(hypothesis, family=terms.family(str(hypothesis.family.label)))))
        if not isinstance(hypothesis, Relational):
            raise TypeError(f"a relation was expected, found {hypothesis!r}")
        setting = self._seeing(*hypothesis.args)
        left, right = (setting.term(side) for side in hypothesis.args)
        general = free_indices(left) + free_indices(right) if hypothesis.rel_op not in ("==", "!=") else ()
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
        setting = self._seeing(left, right)
        sides = setting.term(left), setting.term(right)
        context = setting.context
        obligations = tuple(dict.fromkeys(o for side in sides for o in obligations_of(side, context)))
        latex = claim_latex(sides[0], relation, sides[1], context)
        claim = Claim(sides[0], relation, sides[1], obligations, latex=latex)
        return Judged(claim, worded(decide(claim, context), context))

    def derive(self, goal: Expr) -> Derived:
        """A derivation of ``goal = …``, every step of which was judged."""
        setting = self._seeing(goal)
        return Derived(Prover(setting.context).derive(setting.term(goal)))

    def term(self, expression: Expr | int) -> Expr:
        """The expression in the vocabulary of :mod:`derive.terms.terms`."""
        return standardised(_sympify(expression), self.sizes, self.indices - self.sizes)

    def _seeing(self, *expressions: Expr) -> Setting:
        sizes, indices = self.sizes, self.indices
        for expression in expressions:
            more_sizes, more_indices = terms.roles(_sympify(expression))
            sizes, indices = sizes | more_sizes, indices | more_indices
        return replace(self, sizes=sizes, indices=indices - sizes)

    def _with(self, context: Context) -> Setting:
        return replace(self, context=context)
