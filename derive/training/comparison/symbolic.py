"""The network as one context: the documents of its layers, put together by renaming.

Layer ℓ has the weights ``w_ℓ``, the biases ``b_ℓ``, the outputs ``z_ℓ`` and, behind the activation, ``h_ℓ``, which is the
input of the next one; ``∂z_ℓ`` is the slope of the loss of one example by ``z_ℓ``, and so on. What they are is said by the
definitions and the proved equations of the documents, and by nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from derive.training.steps.sources import ACTIVATIONS, LINEAR, LOSS, STEP, Form, Source, source

if TYPE_CHECKING:
    from sympy import Expr, Symbol

    from derive.balls.closures import Evaluator
    from derive.terms.context import Context

Names = Mapping[str, str]


@dataclass(frozen=True)
class Quantity:
    """A term whose free `letters`, one for each axis, are given values."""

    term: Expr
    letters: tuple[Symbol, ...]


@dataclass(frozen=True)
class Symbolic:
    """The context of a network, and its quantities by name: ``z_1``, ``h_1``, ``L``, ``∂z_1``, ``∂w_1``, ``∂b_1``, ``∂h_1``."""

    context: Context
    quantities: Mapping[str, Quantity]

    @cached_property
    def program(self) -> Evaluator:
        """The definitions, compiled for evaluation in balls."""
        from derive.balls.closures import Evaluator

        return Evaluator(self.context)


@lru_cache(maxsize=8)
def network(depth: int, activation: str) -> Symbolic:
    """A network of `depth` linear layers with `activation` between them, for one example.

    Raises:
        TrainError: if a document lacks a definition or a proof that is needed.
    """
    made = _Assembly()
    linear, loss = source(LINEAR), source(LOSS)
    for layer in range(1, depth + 1):
        names = {
            "w": f"w_{layer}",
            "b": f"b_{layer}",
            "x": f"h_{layer - 1}" if layer > 1 else "x",
            "z": f"z_{layer}",
            "g": f"∂z_{layer}",
            "n": f"n_{layer}",
            "d": f"n_{layer - 1}",
            "k": f"k_{layer}",
            "j": f"j_{layer}",
        }
        made.definition(linear, "z", names)
        made.slope(f"∂w_{layer}", linear.slope("S", "w"), names)
        made.slope(f"∂b_{layer}", linear.slope("S", "b"), names)
        if layer > 1:
            made.slope(f"∂h_{layer - 1}", linear.slope("S", "x"), names)
        if layer < depth:
            curve = source(ACTIVATIONS[activation])
            names = {"z": f"z_{layer}", "h": f"h_{layer}", "g": f"∂h_{layer}", "n": f"n_{layer}", "k": f"k_{layer}"}
            made.definition(curve, "h", names)
            made.slope(f"∂z_{layer}", curve.slope("S", "z"), names)
    names = {"z": f"z_{depth}", "n": f"n_{depth}"}
    made.definition(loss, "a", names)
    made.definition(loss, "L", names)
    made.slope(f"∂z_{depth}", loss.slope("L", "z"), names)
    return Symbolic(made.context, made.quantities)


@lru_cache(maxsize=1)
def step() -> Symbolic:
    """The new weights ``u`` and biases ``v`` after one step, with the proved values of the derivatives in their definitions."""
    made = _Assembly()
    document = source(STEP)
    made.definition(document, "\\rho", {})
    for name, variable in (("u", "w"), ("v", "b")):
        known, form = document.definition(name), document.slope("P", variable)
        made.define(known.head, known.body.xreplace({form.head: form.value}))
    return Symbolic(made.context, made.quantities)


@dataclass
class _Assembly:
    context: Context = field(default_factory=lambda: _empty())
    quantities: dict[str, Quantity] = field(default_factory=dict)

    def definition(self, document: Source, name: str, names: Names) -> None:
        """With what `document` defines as `name`."""
        known = document.definition(name)
        self.define(renamed(known.head, names), renamed(known.body, names))

    def slope(self, name: str, form: Form, names: Names) -> None:
        """With the value of a proved derivative as the definition of the family `name`."""
        from derive.terms import terms
        from derive.terms.heads import positions_of

        letters = tuple(renamed(letter, names) for letter in positions_of(form.head.variable))
        self.define(terms.family(name)[letters], renamed(form.value, names))

    def define(self, head: Expr, body: Expr) -> None:
        """With `body` as the definition of `head`."""
        from sympy import Indexed, Symbol

        from derive.terms.context import Definition
        from derive.terms.heads import name_of

        letters = tuple(place for place in head.indices if isinstance(place, Symbol)) if isinstance(head, Indexed) else ()
        self.context = self.context.define(Definition(head, body))
        self.quantities[name_of(head)] = Quantity(head, letters)


def _empty() -> Context:
    from derive.terms.context import Context

    return Context()


def renamed(term: Expr, names: Names) -> Expr:
    """`term` with its families, scalars, sizes and free indices called by other names; bound indices are no names."""
    from sympy import Dummy, IndexedBase, Symbol

    from derive.terms import terms

    def other(symbol: Symbol) -> Symbol:
        name = names[symbol.name]
        if not symbol.is_integer:
            return terms.scalar(name)
        return terms.size(name) if symbol.is_positive else terms.index(name)

    bases = {base: terms.family(names[str(base.label)]) for base in term.atoms(IndexedBase) if str(base.label) in names}
    symbols = {
        s: other(s)
        for s in term.atoms(Symbol)
        if not isinstance(s, Dummy) and s.name in names and not any(base.label == s for base in bases)
    }
    return term.xreplace({**symbols, **bases})
