"""Which functions a document calls for: what it defines, the derivatives it derives, products with its matrices of them,
and a loss together with its gradient."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from sympy import Add, Expr, Indexed, Sum, Symbol

from derive.code.functions.labels import Labels, distributed, holds_distributed, labelled, labels_of
from derive.code.names import identifier
from derive.normal.reify import letters_for
from derive.normal.unfold import Unfolder, instantiate
from derive.prover.dependence import Dependence, body_of, names_in
from derive.prover.letters import Letters, taken_names
from derive.prover.planner import Prover
from derive.terms import terms
from derive.terms.context import Context
from derive.terms.heads import name_of, positions_of
from derive.terms.terms import Call, Partial, summation
from derive.writing.writer import claim_latex


@dataclass(frozen=True)
class Derived:
    """A derivative and its value, proved equal in `context`."""

    goal: Partial
    result: Expr
    context: Context


@dataclass(frozen=True)
class Wanted:
    """One result of a function: `term` along `letters`; `meaning` is what it has to equal, `formula` shows it.

    It is kept for each example, also of a mean over the batch, if it is `per_example`.
    """

    name: str
    term: Expr
    letters: tuple[Symbol, ...]
    meaning: Expr
    formula: str
    per_example: bool = False


@dataclass(frozen=True)
class Signature:
    """A function before it is a program.

    `independent` names are arguments whatever defines them; primitives in `shared` are the same for all examples.
    With `mean` the results are those of the mean over the batch. A function of `labels` may go with one of the distribution in
    their place, of the name `distributed`.
    """

    name: str
    kind: str
    results: tuple[Wanted, ...]
    context: Context
    labels: Labels | None = None
    independent: frozenset[str] = frozenset()
    shared: frozenset[str] = frozenset()
    mean: bool = False
    requested_only: bool = False
    distributed: str = ""


def signatures(context: Context, derived: Sequence[Derived]) -> Iterator[Signature]:
    """Every function that a document with these definitions and derivatives calls for."""
    shared = shared_names(context)
    taken: set[str] = set()
    for head in heads(context):
        name = identifier(name_of(head), taken)
        taken.add(name)
        body = body_of(head, context)
        latex = claim_latex(head, "=", head if body is None else body, context)
        result = Wanted(name, head, letters_of(head), head, latex)
        yield Signature(name, "forward", (result,), context, shared=shared)
    for one in derived:
        yield from _of_derivative(one, shared, taken)
    yield from _fused(context, derived, shared, taken)


def heads(context: Context) -> Iterator[Expr]:
    """What is defined in general: scalars, families, functions; the latest definition of each."""
    seen: set[tuple[str, int]] = set()
    for definition in context.definitions:
        head = definition.head
        if isinstance(head, Partial) or any(not isinstance(p, Symbol) for p in positions_of(head)):
            continue
        key = name_of(head), len(head.arguments) if isinstance(head, Call) else -1
        if key not in seen:
            seen.add(key)
            yield head


def without_function(context: Context) -> dict[str, str]:
    """The names that are defined for single members only, for which no function is written, each with the reason."""
    general = {name_of(head) for head in heads(context)}
    special = (d.head for d in context.definitions if not isinstance(d.head, Partial) and name_of(d.head) not in general)
    return {identifier(name_of(head)): "it is defined at some indices only" for head in special}


def letters_of(head: Expr) -> tuple[Symbol, ...]:
    """The indices of a head that are free, each once."""
    return tuple(dict.fromkeys(p for p in positions_of(head) if isinstance(p, Symbol)))


def derivative_name(goal: Partial) -> str:
    """``dL_dz``; ``d2L_dz2`` for a second derivative by the same quantity.

    >>> derivative_name(Partial(terms.scalar("L"), terms.family("z")[terms.index("i")]))
    'dL_dz'
    """
    variables: list[str] = []
    inner: Expr = goal
    while isinstance(inner, Partial):
        variables.append(identifier(name_of(inner.variable)))
        inner = inner.expr
    top = identifier(name_of(inner))
    if len(variables) == 1:
        return f"d{top}_d{variables[0]}"
    below = f"d{variables[0]}{len(variables)}" if len(set(variables)) == 1 else "_".join(f"d{v}" for v in reversed(variables))
    return f"d{len(variables)}{top}_{below}"


def _of_derivative(derived: Derived, shared: frozenset[str], taken: set[str]) -> Iterator[Signature]:
    goal, context = derived.goal, derived.context
    innermost = _innermost(goal)
    if not isinstance(innermost, (Symbol, Indexed, Call)):
        return
    name = identifier(derivative_name(goal), taken)
    taken.add(name)
    variables = _variables(goal)
    independent = frozenset(name_of(v) for v in variables if body_of(v, context) is not None)
    outer = letters_of(innermost)
    letters = (*outer, *(p for v in reversed(variables) for p in letters_of(v)))
    if len(set(letters)) != len(letters):
        return
    mean = not outer and len(variables) == 1 and name_of(variables[0]) in shared and _has_examples(context, shared, innermost)
    result = Wanted(name, derived.result, letters, goal, claim_latex(goal, "=", derived.result, context))
    matrix = bool(letters_of(goal.variable)) and len(letters) > len(letters_of(goal.variable))
    direct = Signature(
        name, "derivative", (result,), context, independent=independent, shared=shared, mean=mean, requested_only=matrix
    )
    yield direct
    if matrix:
        yield from _products(derived, direct, taken)


def _products(derived: Derived, direct: Signature, taken: set[str]) -> Iterator[Signature]:
    """The matrix of the derivative times a vector, from the right and from the left, contracted first."""
    goal, context = derived.goal, derived.context
    columns = letters_of(goal.variable)
    rows = tuple(p for p in direct.results[0].letters if p not in columns)
    vector = next(letter for letter in ("v", "u", "h", "r", "vector") if letter not in taken_names([goal], context))
    second = isinstance(goal.expr, Partial)
    for kind, over, kept in (("hvp" if second else "jvp", columns, rows), ("vjp", rows, columns)):
        if second and kind == "vjp":
            continue
        known = context.with_shape(vector, tuple(context.range_of(letter) for letter in over))
        body = derived.result * terms.family(vector)[over]
        meaning = goal * terms.family(vector)[over]
        for letter in reversed(over):
            span = context.range_of(letter)
            body = summation(body, letter, span.low, span.high)
            meaning = summation(meaning, letter, span.low, span.high)
        found = Prover(known, letters=_letters(body, known)).derive(body)
        term = body if found.result is None else found.result
        if isinstance(term, Indexed):
            continue
        name = f"{direct.name}_{kind}"
        taken.add(name)
        yield replace(
            direct,
            name=name,
            kind=kind,
            context=known,
            requested_only=False,
            results=(Wanted(name, term, kept, meaning, claim_latex(body, "=", term, known)),),
        )


def _letters(term: Expr, context: Context) -> Letters:
    letters = Letters()
    letters.reserve((term,), context)
    return letters


def _fused(context: Context, derived: Sequence[Derived], shared: frozenset[str], taken: set[str]) -> Iterator[Signature]:
    losses: dict[Symbol, list[Derived]] = {}
    for one in derived:
        if isinstance(one.goal.expr, Symbol) and body_of(one.goal.variable, one.context) is None:
            bodies = body_of(one.goal.expr, context), body_of(one.goal.expr, one.context)
            if None not in bodies and _same(*bodies) and one.result != 0:
                losses.setdefault(one.goal.expr, []).append(one)
    passed = {inner for loss in losses for inner in losses if inner != loss and Dependence(context).depends(loss, inner)}
    losses = {loss: gradients for loss, gradients in losses.items() if loss not in passed}
    for loss, gradients in losses.items():
        labels = labels_of(loss, context)
        name = "loss_and_gradient" if len(losses) == 1 else f"{identifier(loss.name)}_and_gradient"
        known = context if labels is None else labelled(context, labels)
        body = body_of(loss, context)
        results = [Wanted("loss", loss, (), loss, claim_latex(loss, "=", loss if body is None else body, context))]
        for one in gradients:
            one, known = _beside(one, known)
            own = "gradient" if len(gradients) == 1 else f"gradient_{identifier(name_of(one.goal.variable))}"
            formula = claim_latex(one.goal, "=", one.result, one.context)
            each = name_of(one.goal.variable) not in shared
            results.append(Wanted(own, one.result, letters_of(one.goal.variable), one.goal, formula, each))
        mean = any(name_of(one.goal.variable) in shared for one in gradients) and _has_examples(context, shared, loss)
        fused = Signature(identifier(name, taken), "fused", tuple(results), known, labels, shared=shared, mean=mean)
        equations = [(loss, loss, context), *((one.goal, one.result, one.context) for one in gradients)]
        if labels is not None and holds_distributed(equations, labels):
            other = identifier(f"soft_{name}", taken)
            yield replace(fused, distributed=other)
            yield replace(fused, name=other, context=distributed(context, labels), labels=None)
        else:
            yield fused


def _beside(derived: Derived, context: Context) -> tuple[Derived, Context]:
    """A derivative at letters that run over its own ranges in `context`, too, and the context in which they do."""
    values: dict[Expr, Expr] = {}
    taken = taken_names([derived.goal, derived.result], context)
    for letter in letters_of(derived.goal.variable):
        span = derived.context.range_of(letter)
        if context.range_of(letter) != span:
            own = letter
            if any(known == letter for known, _ in context.ranges):
                own = terms.index(next(name for name in letters_for(span, context) if name not in taken))
                values[letter] = own
                taken.add(own.name)
            context = context.with_range(own, span)
    goal, result = (instantiate(term, values) for term in (derived.goal, derived.result))
    return replace(derived, goal=goal, result=result), context  # type: ignore[arg-type]


def _same(first: Expr | None, second: Expr | None) -> bool:
    """Whether two definitions say the same, but for the names of bound indices."""
    if first is None or second is None:
        return first is second
    return bool(first.as_dummy() == second.as_dummy())


# -- parameters ---------------------------------------------------------------------------------------------------------


def shared_names(context: Context) -> frozenset[str]:
    """The primitives that are the same for all examples of a batch.

    Scalars beside families; families with two or more indices, and what is added to a sum with one of these.
    """
    members = {m for d in context.definitions for m in d.body.atoms(Indexed)}
    families = {name_of(m): len(m.indices) for m in members}
    matrices = {name for name, count in families.items() if count > 1}
    found = set(matrices)
    if families:
        found |= {
            s.name for d in context.definitions for s in d.body.atoms(Symbol) if not s.is_integer and s.name not in families
        }
    for definition in context.definitions:
        for node in (definition.body, *definition.body.atoms(Add)):
            if isinstance(node, Add) and any(isinstance(a, Sum) and names_in(a) & matrices for a in node.args):
                found |= {name_of(a) for a in node.args if isinstance(a, Indexed)}
    defined = {name_of(d.head) for d in context.definitions}
    return frozenset(found - defined)


def _has_examples(context: Context, shared: Iterable[str], head: Expr) -> bool:
    """Whether anything that `head` is made of differs from example to example."""
    return bool(names_in(Unfolder(context)(head)) - set(shared))


def _variables(goal: Partial) -> list[Expr]:
    """The variables of a derivative, the last one first."""
    found: list[Expr] = []
    inner: Expr = goal
    while isinstance(inner, Partial):
        found.append(inner.variable)
        inner = inner.expr
    return found


def _innermost(goal: Expr) -> Expr:
    while isinstance(goal, Partial):
        goal = goal.expr
    return goal
