"""Derivatives with respect to a compound quantity, ``da_j / de^{z_k}`` or ``da_j / d Σ_m e^{z_m}``.

Authors write them when they see a quantity as a function of parts, ``a_j = f(e^{z_j}, Σ_m e^{z_m})``. The parts are
then independent: with respect to one of them the others are held fixed. What was held fixed is reported, for
read as a total derivative the same formula may be false.
"""

from __future__ import annotations

from collections.abc import Callable

from sympy import Dummy, Expr, Indexed, IndexedBase, Sum, Symbol

from derive.normal.calculus import differentiate
from derive.normal.functions.elementary import NotDifferentiable
from derive.terms import terms
from derive.terms.terms import Call, Partial
from derive.terms.walking import mapped

PART = "part"


def is_compound(variable: Expr) -> bool:
    """Whether a derivative's variable is neither a scalar nor a member."""
    return not isinstance(variable, (Symbol, Indexed))


def without_compound(term: Expr, unfold: Callable[[Expr], Expr]) -> tuple[Expr, tuple[Expr, ...]]:
    """`term` with each derivative by a compound quantity carried out, and the quantities that were held fixed.

    Raises:
        NotDifferentiable: where the quantity cannot be told apart from the rest.
    """
    held: dict[Expr, None] = {}

    def visit(node: Expr) -> Expr:
        if not node.args:
            return node
        if isinstance(node, Partial) and is_compound(node.variable):
            result, fixed = _by_compound(unfold(node.expr), unfold(node.variable))
            held.update(dict.fromkeys(fixed))
            return result
        if not node.has(Partial):
            return node
        return node.func(*(visit(a) if isinstance(a, Expr) else a for a in node.args))  # no case split is entered

    return visit(term), tuple(held)


def _by_compound(term: Expr, part: Expr) -> tuple[Expr, tuple[Expr, ...]]:
    if term.has(terms.Cases) or part.has(terms.Cases):
        raise NotDifferentiable(f"a derivative by {part} of a case split or a restricted sum")
    if isinstance(part, Sum):
        return _by_sum(term, part)
    members = part.atoms(Indexed)
    if len(members) != 1 or part.atoms(Sum):
        raise NotDifferentiable(f"a derivative by {part}")
    return _by_function(term, part, members.pop())


def _by_sum(term: Expr, part: Sum) -> tuple[Expr, tuple[Expr, ...]]:
    """The sum becomes a scalar of its own; members that occur outside it are held fixed."""
    target, stand_in = alpha(part), terms.scalar(terms.unused(PART, term))
    replaced = _replace(term, lambda node: stand_in if isinstance(node, Sum) and alpha(node) == target else None)
    _require(stand_in in replaced.free_symbols, term, part)
    families = {m.base for m in part.atoms(Indexed)}
    fixed = sorted({f for f in _functions_of(replaced, families, stand_in)}, key=str)
    if any(isinstance(s, Dummy) for f in fixed for s in f.free_symbols):
        raise NotDifferentiable(f"the summands of {part} occur in another sum too")
    return differentiate(replaced, stand_in).xreplace({stand_in: part}), tuple(fixed)


def _functions_of(term: Expr, families: set[IndexedBase], part: Expr) -> set[Expr]:
    """The largest subterms of one argument that contain members of the families, and not the part: e^{z_j}."""
    if not any(m.base in families for m in term.atoms(Indexed)):
        return set()
    arguments = term.arguments if isinstance(term, Call) else term.args
    if isinstance(term, Indexed) or (len(arguments) == 1 and not term.has(part)):
        return {term}
    return {f for a in arguments if isinstance(a, Expr) for f in _functions_of(a, families, part)}


def _by_function(term: Expr, part: Expr, member: Indexed) -> tuple[Expr, tuple[Expr, ...]]:
    """e^{z_k} becomes the member t_k of a family of its own; sums are held fixed if it also occurs outside them."""
    stand_in = terms.family(terms.unused(PART, term))

    def as_member(node: Expr) -> Expr | None:
        for found in node.atoms(Indexed):
            if found.base == member.base and part.xreplace({member: found}) == node:
                return stand_in[found.indices]
        return None

    outside = _replace(term, lambda node: node if isinstance(node, Sum) else as_member(node))
    fixed: tuple[Expr, ...] = ()
    if outside.has(stand_in):
        fixed = tuple(sorted((s for s in outside.atoms(Sum) if s.has(member.base)), key=str))
        marks = {s: terms.scalar(terms.unused(f"{PART} {position}", term)) for position, s in enumerate(fixed)}
        replaced, back = outside.xreplace(marks), {v: k for k, v in marks.items()}
    else:
        replaced, back = _replace(term, as_member), {}
    _require(replaced.has(stand_in), term, part)
    if replaced.has(member.base):
        raise NotDifferentiable(f"{member.base} occurs outside {part}")
    slope = differentiate(replaced, stand_in[member.indices]).xreplace(back)
    restored = {m: part.xreplace({member: member.base[m.indices]}) for m in slope.atoms(Indexed) if m.base == stand_in}
    return slope.xreplace(restored), fixed


def _require(occurs: bool, term: Expr, part: Expr) -> None:
    """A quantity that does not show the part anywhere is not known to be independent of it."""
    if not occurs:
        raise NotDifferentiable(f"nothing says how {term} depends on {part}")


def _replace(term: Expr, rule: Callable[[Expr], Expr | None]) -> Expr:
    """`term` with the first subterms for which the rule gives something replaced by it, from the outside in.

    The arguments of a :class:`~derive.terms.terms.Call` stand in tuples, which are entered like terms.
    """
    found = rule(term)
    if found is not None:
        return found
    if not term.args or isinstance(term, Indexed):
        return term
    return mapped(term, lambda part: _replace(part, rule))


def alpha(term: Expr) -> Expr:
    """`term` with bound indices named by their depth, so that equal sums are one term.

    >>> k, m, n, z = terms.index("k"), terms.index("m"), terms.size("n"), terms.family("z")
    >>> alpha(terms.summation(z[k], k, 1, n)) == alpha(terms.summation(z[m], m, 1, n))
    True
    """
    if not term.args:
        return term
    if isinstance(term, Sum):
        body, variable, low, high = terms.peel(term)
        inner = alpha(body)
        depth = 1 + max((int(s.name[1:]) for s in inner.free_symbols | _bound(inner) if s.name.startswith("#")), default=-1)
        place = Symbol(f"#{depth}", integer=True)
        return Sum(inner.xreplace({variable: place}), (place, low, high))
    return mapped(term, alpha)


def _bound(term: Expr) -> set[Symbol]:
    return {limit[0] for s in term.atoms(Sum) for limit in s.limits}
