"""Numeric code from a document: what it defines, and the derivatives that it states or asks for, as functions."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from derive.code.targets import TARGETS
from derive.writing.messages.rendering import rendered

if TYPE_CHECKING:
    from sympy import Expr

    from derive.code.functions.build import Function
    from derive.code.functions.signatures import Derived
    from derive.documents import Document, Loaded
    from derive.jobs.limits import Limits, Step
    from derive.narrative.walk import Narrative
    from derive.terms.context import Context, Fact
    from derive.terms.reasons import Reason
    from derive.terms.terms import Partial


class NothingToCompile(ValueError):
    """No function can be made; the message says why."""


@dataclass(frozen=True)
class Generated:
    """A module as text, the functions in it as array programs, and what could not be made, with the reason."""

    source: str
    functions: tuple[Function, ...]
    notes: tuple[str, ...] = ()

    def __getitem__(self, name: str) -> Function:
        """The function of that name."""
        return next(function for function in self.functions if function.name == name)


def compile(
    text_or_path: str | Path, names: Sequence[str] = (), target: str = "numpy", sizes: Mapping[str, int] | None = None
) -> Generated:
    r"""Numeric code for a document: its text, or the path of a file, or the name of a proof of the library.

    With `names`, only these functions; a matrix of derivatives is made only if it is named, and with a function of labels the
    one of a distribution in their place. What was asked for and could
    not be made is in the notes. For C, `sizes` gives the
    lengths of the axes by their names in the document; ``""`` stands for all that are not named.

    Raises:
        NothingToCompile: if nothing of what was asked for can be made.
        DocumentError: if a file cannot be opened.

    >>> made = compile(r"$$\sigma = \frac{1}{1 + e^{-x}}$$", ["sigma"])
    >>> [licence.latex for licence in made.functions[0].licences]
    ['\\frac{1}{1 + e^{-x}} = \\frac{e^{\\frac{x}{2} - \\frac{\\left|x\\right|}{2}}}{1 + e^{-\\left|x\\right|}}']
    """
    from derive.documents import load

    if isinstance(text_or_path, Path):
        return compile_document(load(text_or_path), names, target, sizes=sizes)
    if "\n" not in text_or_path and "$" not in text_or_path and len(text_or_path) < 1000:
        from derive.documents.library import find

        path = Path(text_or_path)
        return compile_document(load(path if path.suffix or path.exists() else find(text_or_path)), names, target, sizes=sizes)
    return compile_document(load("text.md", text_or_path), names, target, sizes=sizes)


def compile_document(
    loaded: Loaded,
    names: Sequence[str] = (),
    target: str = "numpy",
    limits: Limits | None = None,
    sizes: Mapping[str, int] | None = None,
) -> Generated:
    """Numeric code for a document that was opened; see :func:`compile`. `limits` hold for each function."""
    from derive.code.stable.stabiliser import CannotLower
    from derive.documents import DocumentError
    from derive.jobs.check import prepare
    from derive.jobs.limits import Limits, TooMuch

    if target not in TARGETS:
        raise NothingToCompile(f"the target {target} is not in this version; there is {', '.join(TARGETS)}")
    prepare()
    try:
        title, *results = (limits or Limits()).stream(
            lambda step: _work(loaded, frozenset(names), step), errors=(DocumentError,)
        )
    except TooMuch as problem:
        raise DocumentError(f"{loaded.path}: cannot be read: {problem}") from problem
    notes = [r for r in results if isinstance(r, str)]
    functions = tuple(r for r in results if not isinstance(r, (str, frozenset)))
    lengths = _lengths(functions, target, sizes or {})
    refused = _refused(functions, target)
    notes += [f"{name}: {reason}" for name, reason in refused.items()]
    functions = tuple(function for function in functions if function.name not in refused)
    known = next((r for r in results if isinstance(r, frozenset)), frozenset())
    there = f"no such function; there are {', '.join(sorted(known)) or 'none'}"
    notes += [f"{name}: {there}" for name in dict.fromkeys(names) if name not in known]
    if not functions:
        raise NothingToCompile("; ".join(notes) or "nothing is defined that could be computed")
    try:
        source = _written(functions, loaded.path, title, target, lengths)
    except CannotLower as reason:
        raise NothingToCompile(str(reason)) from reason
    return Generated(source, functions, tuple(notes))


def _lengths(functions: Sequence[Function], target: str, sizes: Mapping[str, int]) -> dict[str, int]:
    """The lengths of the named axes of the functions, as far as `sizes` gives them."""
    if not sizes:
        return {}
    if not TARGETS[target].constants:
        raise NothingToCompile(f"lengths are given for the target c only, found {target}")
    from derive.code.c.target import sizes_of

    known = list(dict.fromkeys(name for function in functions for name in sizes_of(function)))
    unknown = [name for name in sizes if name and name not in known]
    if unknown:
        raise NothingToCompile(f"{unknown[0]}: no length has this name; there are {', '.join(known) or 'none'}")
    return {name: length for name in known if (length := sizes.get(name, sizes.get("", 0)))}


def _refused(functions: Sequence[Function], target: str) -> dict[str, str]:
    """The functions that the target cannot write, each with the reason."""
    return TARGETS[target].unwritten(functions)


def _written(functions: Sequence[Function], path: str, title: str, target: str, sizes: Mapping[str, int]) -> str:
    """The text, by the module of the target, which has ``write(functions, title, source)``."""
    source = "standard input" if path == "-" else Path(path).name
    chosen = TARGETS[target]
    further = {"sizes": sizes} if chosen.constants else {}
    return chosen.written(functions, title, source, **further)


def _title(document: Document) -> str:
    """The first heading, else the name of the file."""
    from derive.documents.parts.document import Heading

    for block in document.blocks:
        if isinstance(block, Heading):
            return str(block.text).strip()
    return Path(str(document.path)).stem.replace("-", " ").capitalize()


def _work(loaded: Loaded, names: frozenset[str], step: Step) -> Iterator[Callable[[Reason | None], object]]:
    """The pieces of work: the title, what there is, then each function; one that cannot be made gives the reason."""
    from derive.code.functions.signatures import signatures, without_function
    from derive.narrative.walk import read_document
    from derive.normal.matching import match

    document = loaded.document()
    narrative = read_document(document, step=step)
    derived, unproved = _derived(narrative, step)

    def derivative(partial: Partial) -> Expr | None:
        from derive.normal.unfold import instantiate, is_nameable

        for one in derived:
            if is_nameable(one.goal) and is_nameable(partial):
                values = match(one.goal, partial)
                if values is not None:
                    return instantiate(one.result, values)
        return None

    wanted = list(signatures(narrative.context, derived))
    names |= {signature.distributed for signature in wanted if signature.name in names} - {""}
    yield lambda failed: _title(document)
    for name, reason in {**unproved, **without_function(narrative.context)}.items():
        if not names and name not in {signature.name for signature in wanted}:
            yield lambda failed, name=name, reason=reason: f"{name}: {reason}"  # type: ignore[misc]
    yield lambda failed: frozenset(s.name for s in wanted)
    for signature in wanted:
        if signature.name in names or not names and not signature.requested_only:
            yield lambda failed, signature=signature: _made(signature, derivative, failed)  # type: ignore[misc]


def _made(signature: object, derivative: Callable[[Partial], Expr | None], failed: Reason | None) -> object:
    from derive.code.functions.build import built
    from derive.code.functions.compare import Mismatch, check
    from derive.code.functions.signatures import Signature
    from derive.code.stable.stabiliser import CannotLower

    if not isinstance(signature, Signature):
        raise TypeError(f"a signature was expected, found {type(signature).__name__}")
    if failed is not None:
        return f"{signature.name}: {rendered(failed)}"
    try:
        function = built(signature, derivative)
    except CannotLower as reason:
        return f"{signature.name}: {reason}"
    try:
        check(function)
    except Mismatch as problem:
        return f"{signature.name}: a bug of this program, please report it: {problem}"
    return function


def _derived(narrative: Narrative, step: Step) -> tuple[list[Derived], dict[str, str]]:
    """The derivatives that the document asks for or states, each once, with a value that the judge confirmed in time.

    Of those for which there is no such value the second result says why, by the name that the function would have.
    """
    from derive.code.functions.signatures import Derived, derivative_name
    from derive.jobs.goals import Goal
    from derive.jobs.prove import fill, goals_of
    from derive.judge.decide import decide
    from derive.judge.verdict import Kind
    from derive.prover.letters import Letters
    from derive.terms.context import Claim
    from derive.terms.terms import Partial

    found: dict[str, Derived] = {}
    missing: dict[str, str] = {}
    goals, _ = goals_of(narrative)
    letters, provers = Letters(), {}  # type: ignore[var-annotated]
    for goal in goals:
        letters.reserve((goal.left,), goal.context)
    for goal in goals:
        left = _as_partial(goal.left)
        if not isinstance(left, Partial):
            continue
        name = _name_of(left)
        if not _general(left) or _of_a_case(goal.context):
            missing.setdefault(name, "it is asked for at some indices only")
        elif (cut := step()) is not None:
            missing.setdefault(name, rendered(cut))
        else:
            filled = fill(Goal(goal.left, goal.context, goal.latex, goal.line, goal.target), provers, letters)
            derivation = filled.derivation
            if filled.done and derivation is not None and derivation.result is not None:
                found.setdefault(derivative_name(left), Derived(left, derivation.result, derivation.context))
            else:
                missing.setdefault(name, "no derivation of it was found")
    for entry in narrative.entries:
        if entry.settled is not None or not entry.claims or entry.statement is None or entry.position:
            continue
        left, last = _as_partial(entry.claims[0].left), entry.statement.sides[-1]
        context = entry.later or entry.context
        if not isinstance(left, Partial) or last is None or last.has(Partial):
            continue
        if any(r.relation != "=" for r in entry.statement.relations) or (name := _name_of(left)) in found:
            continue
        if not _general(left) or _of_a_case(context):
            missing.setdefault(name, "it is stated at some indices only")
        elif (cut := step()) is not None:
            missing.setdefault(name, rendered(cut))
        elif decide(Claim(left, "=", last), context).kind is Kind.PROVED:
            found[name] = Derived(left, last, context)
        else:
            missing.setdefault(name, "its stated value is not proved")
    return list(found.values()), {name: reason for name, reason in missing.items() if name and name not in found}


def _name_of(goal: Partial) -> str:
    """The name of the function for a derivative; none if what is differentiated, or by what, has no name."""
    from sympy import Indexed, Symbol

    from derive.code.functions.signatures import derivative_name
    from derive.terms.terms import Call, Partial

    inner: Expr = goal
    while isinstance(inner, Partial):
        if not isinstance(inner.variable, (Symbol, Indexed)):
            return ""
        inner = inner.expr
    return derivative_name(goal) if isinstance(inner, (Symbol, Indexed, Call)) else ""


def _of_a_case(context: Context) -> bool:
    """Whether something is assumed of indices: what is derived there does not hold for all of them."""
    from derive.judge.settling import index_equation
    from derive.terms.context import Fact

    facts = [fact for fact in context.assumptions if isinstance(fact, Fact)]
    return any(index_equation(fact) is not None or fact.relation == "!=" and _at_indices(fact) for fact in facts)


def _at_indices(fact: Fact) -> bool:
    """Whether a fact speaks of indices that are not those of all places."""
    free = (fact.left.free_symbols | fact.right.free_symbols) - set(fact.forall)
    return any(symbol.is_integer and not symbol.is_positive for symbol in free)


def _as_partial(goal: Expr) -> Expr:
    """f'(x) as ∂f(x)/∂x; anything else as it is."""
    from sympy import Symbol

    from derive.terms.terms import Call, Partial

    if isinstance(goal, Call) and sum(goal.orders) == 1:
        variable = goal.arguments[goal.orders.index(1)]
        return Partial(Call(goal.name, goal.arguments), variable) if isinstance(variable, Symbol) else goal
    return goal


def _general(goal: Expr) -> bool:
    """Whether the indices of a derivative are letters, all different."""
    from sympy import Indexed, Symbol

    from derive.terms.heads import positions_of
    from derive.terms.terms import Call, Partial

    positions: list[Expr] = []
    while isinstance(goal, Partial):
        if not isinstance(goal.variable, (Symbol, Indexed)):
            return False
        positions += positions_of(goal.variable)
        goal = goal.expr
    if not isinstance(goal, (Symbol, Indexed, Call)):
        return False
    positions += () if isinstance(goal, Call) else positions_of(goal)
    return all(isinstance(p, Symbol) for p in positions) and len(set(positions)) == len(positions)
