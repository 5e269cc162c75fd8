"""The role of a relation: it names something, assumes something, opens a case, or claims something.

Only the last is judged. An equation names its left side if that is a bare name that was not known before; it
assumes something if it restricts a quantity that has no definition to a number.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum

from sympy import Expr, Indexed, IndexedBase, Sum, Symbol

from derive.normal.compound import alpha
from derive.normal.unfold import Circular, Unfolder, instantiate, is_nameable
from derive.terms import terms
from derive.terms.context import Claim, Context, Definition, Fact
from derive.terms.heads import name_of, positions_of
from derive.terms.reasons import Reason, Why, because
from derive.terms.terms import Call, Partial, Vector, free_indices, peel


class Role(Enum):
    """What a relation does in a document."""

    DEFINITION = "definition"
    RESTATED = "restated"
    ASSUMPTION = "assumption"
    HEADER = "header"
    CLAIM = "claim"


@dataclass(frozen=True)
class Reading:
    """The role of a relation, the definition it makes if it makes one, and what to say of it."""

    role: Role
    definition: Definition | None = None
    reason: Reason | None = None
    recurrent: str = ""


@dataclass(frozen=True)
class Cues:
    """What the words around a relation say of it.

    Args:
        defining: it defines something, so that a name may be given a meaning in quantities that are new to it.
        naming: *let*, ``:=``: a known name is given a new meaning, whatever it is.
        example: a number is given to a name that had another one.
        assuming: it is assumed, where it is a relation between bare quantities.
        postulating: it is assumed, whatever it says of quantities without definition.
        concluding: it is presented as a result, and so it is no assumption.
        updating: ``:=`` stands in it, so that a name on both sides has two values.
    """

    defining: bool = False
    naming: bool = False
    example: bool = False
    assuming: bool = False
    postulating: bool = False
    concluding: bool = False
    updating: bool = False


STATED = Cues(defining=True, naming=True, example=True, assuming=True)
"""What stands in a declaration or is given on the command line."""


def role_of(claim: Claim, context: Context, cues: Cues, seen: frozenset[str] = frozenset()) -> Reading:
    """The role of `claim` in `context`; `seen` are the names that occurred before it."""
    if _is_header(claim, cues.concluding):
        return Reading(Role.HEADER, reason=because(Why.CONDITION_HEADER))
    if claim.relation == "=":
        if isinstance(claim.left, IndexedBase) and isinstance(claim.right, Vector):
            return Reading(Role.DEFINITION, reason=because(Why.MEMBERS_IN_EXAMPLE, name=str(claim.left.label)))
        if _between_known_primitives(claim, context, seen) and not cues.naming:
            return Reading(Role.ASSUMPTION if cues.assuming else Role.CLAIM)
        if cues.postulating and not cues.defining and is_constraint(claim, context, seen):
            return Reading(Role.ASSUMPTION)
        found = _definition(claim, context, cues)
        if found is not None and not (_defines_right(found, claim) and name_of(claim.right) in seen):
            return found
    if cues.concluding:
        return Reading(Role.CLAIM)
    if _is_hypothesis(claim, context, cues.assuming) or (cues.postulating and is_constraint(claim, context)):
        return Reading(Role.ASSUMPTION)
    return Reading(Role.CLAIM)


def _defines_right(found: Reading, claim: Claim) -> bool:
    """Whether the right side gets its meaning from the left one."""
    if isinstance(claim.left, Indexed) and found.recurrent == name_of(claim.left):
        return False
    head = found.definition.head if found.definition is not None else None
    return isinstance(claim.right, Indexed) and (head == claim.right or found.recurrent == name_of(claim.right))


def applied(claim: Claim, context: Context) -> Claim:
    """The claim with the bare name of a function, ``f`` after ``f(x) = x^2``, read as its value ``f(x)``."""
    values: dict[Expr, Expr] = {}
    for name in sorted({s.name for term in (claim.left, claim.right, *(o.term for o in claim.obligations))
                        for s in term.free_symbols if isinstance(s, Symbol)}):
        bare = terms.scalar(name)
        heads = [d.head for d in context.known.get((Call, name))
                 if all(isinstance(a, (Symbol, IndexedBase)) for a in d.head.arguments)]
        if heads and bare not in (d.head for d in context.known.get((Symbol, name))):
            values[bare] = heads[-1]
    values = _without_own_arguments(values, claim)
    if not values:
        return claim
    return replace(claim, left=instantiate(claim.left, values), right=instantiate(claim.right, values),
                   obligations=tuple(replace(o, term=instantiate(o.term, values)) for o in claim.obligations))


def _without_own_arguments(values: dict[Expr, Expr], claim: Claim) -> dict[Expr, Expr]:
    """Without the arguments of another function: u in ``∂f/∂u`` of f(u, v), where nothing is said of what u is made of."""
    free = claim.left.free_symbols | claim.right.free_symbols
    inner = {argument for head in values.values() if isinstance(head, Call) for argument in head.arguments}
    below = {argument for bare in inner if isinstance(head := values.get(bare), Call) for argument in head.arguments}
    return values if below & free else {bare: value for bare, value in values.items() if bare not in inner}


def _between_known_primitives(claim: Claim, context: Context, seen: frozenset[str]) -> bool:
    """``p_k = q_k`` for two quantities that both occurred before: neither is a name for the other."""
    unfold = Unfolder(context)
    sides = (claim.left, claim.right)
    return all(isinstance(s, (Indexed, Symbol)) and _is_bare(s, unfold) and name_of(s) in seen for s in sides)


def _is_header(claim: Claim, concluding: bool) -> bool:
    """``i = j``, ``i ≠ j``, ``k = 1``, and where it is no result ``i < j``, ``1 ≤ k``."""
    if claim.relation in ("=", "!="):
        if _is_index(claim.left) and (_is_index(claim.right) or claim.right.is_Integer):
            return True
        others = claim.right.free_symbols
        return _is_index(claim.left) and not concluding and claim.left not in others and all(
            s.is_integer and isinstance(s, Symbol) for s in others) and not claim.right.atoms(Sum, Indexed)
    symbols = claim.left.free_symbols | claim.right.free_symbols
    return not concluding and any(_is_index(s) for s in symbols) and all(
        s.is_integer and isinstance(s, Symbol) for s in symbols)


def _is_index(term: Expr) -> bool:
    return isinstance(term, Symbol) and bool(term.is_integer) and not term.is_positive


# -- definitions -----------------------------------------------------------------------------------------------


def _definition(claim: Claim, context: Context, cues: Cues) -> Reading | None:
    left, right = claim.left, claim.right
    unfold = Unfolder(context)
    by_derivative = _by_derivative(left, right, unfold)
    if by_derivative is not None:
        return by_derivative
    if is_head(left):
        named = isinstance(left, (Symbol, Indexed)) and mentions(right, name_of(left))
        if cues.updating and named and not _known(left, unfold):
            return Reading(Role.DEFINITION, reason=because(Why.UPDATE, name=name_of(left)))
        if _known(left, unfold):
            return _known_again(left, right, context, unfold, cues)
        return _new(left, right, context)
    if is_head(right) and not isinstance(right, Symbol) and not _known(right, unfold) \
            and not mentions(left, name_of(right)) and not _primitive_seen(right, context):
        return _new(right, left, context)
    if isinstance(right, Call) and not any(right.orders) and not _known(right, unfold) \
            and not mentions(left, right.name):
        return Reading(Role.DEFINITION, reason=because(Why.INTRODUCES_FUNCTION, name=right.name))
    return None


def _primitive_seen(head: Expr, context: Context) -> bool:
    """Whether the name is declared, and so no name that a chain could introduce on its right side."""
    return context.shape_of(name_of(head)) is not None


def is_head(term: Expr) -> bool:
    """Whether the term can be the left side of a definition: ``L``, ``a_i``, ``f(x)``, ``∂E/∂w_{kj}``."""
    if isinstance(term, Symbol):
        return not term.is_integer
    if isinstance(term, Call):
        names = [a for a in term.arguments if isinstance(a, (Symbol, IndexedBase))]
        return len(set(names)) == len(term.arguments) and not any(term.orders)
    if isinstance(term, Partial):
        return is_nameable(term)
    return isinstance(term, Indexed)


def is_plain_head(head: Expr) -> bool:
    """Whether it stands for all its members: ``L``, ``a_i``, ``f(x)``, and not ``a_1`` or ``a_{ii}``."""
    places = positions_of(head)
    return len(set(places)) == len(places) and all(isinstance(p, Symbol) for p in places)


def _known(head: Expr, unfold: Unfolder) -> bool:
    return unfold.defines(head) or (isinstance(head, Partial) and not _opaque(head, unfold))


def _opaque(head: Partial, unfold: Unfolder) -> bool:
    """Whether the derivative is of something about which nothing is known."""
    try:
        return isinstance(unfold(head), Partial)
    except ValueError:
        return False


def _says_value(head: Partial, unfold: Unfolder) -> bool:
    """Whether the definitions say what the derivative is. Where they show no dependence, they may say too little."""
    try:
        value = unfold(head)
    except ValueError:
        return False
    return not isinstance(value, Partial) and value != 0


def _new(head: Expr, body: Expr, context: Context) -> Reading | None:
    """A definition of a name that was not known, if its body does not need the name itself."""
    name = name_of(head)
    if isinstance(head, Call):
        head = _with_parameters(head, body)
    if isinstance(head, Indexed):
        if body.is_number and not all(p.is_Integer for p in head.indices):
            return None
        if not all(isinstance(p, Symbol) or p.is_Integer for p in head.indices) or _recurs(head, body):
            return Reading(Role.DEFINITION, reason=because(Why.DEFINES_RECURRENCE, name=name), recurrent=name)
    if mentions(body, name):
        if isinstance(head, (Symbol, Indexed)) and body.has(Partial):
            return Reading(Role.DEFINITION, reason=because(Why.UPDATE, name=name))
        return None
    definition = Definition(head, body)
    try:
        Unfolder(context.define(definition))(body)
    except Circular:
        return None
    except ValueError:
        pass
    return Reading(Role.DEFINITION, definition, because(Why.DEFINES, name=name))


def _recurs(head: Indexed, body: Expr) -> bool:
    """Whether the body needs the family, and only at other positions: ``h_t = w h_{t-1} + x_t``."""
    members = [m for m in body.atoms(Indexed) if m.base == head.base]
    return bool(members) and all(m != head and any(s in head.free_symbols for p in m.indices for s in p.free_symbols)
                                 for m in members)


def _with_parameters(head: Call, body: Expr) -> Call:
    """``σ(x)`` with a scalar x where the body has one, also if x is a family elsewhere in the document."""
    members = {name_of(node) for node in body.atoms(Indexed)}
    arguments = [a.label if isinstance(a, IndexedBase) and a.label in body.free_symbols and name_of(a) not in members
                 else a for a in head.arguments]
    return Call(head.name, arguments, head.orders)


def _known_again(head: Expr, body: Expr, context: Context, unfold: Unfolder, cues: Cues) -> Reading | None:
    """A name that is known: said again, given a new meaning in so many words, or claimed to equal something."""
    if isinstance(head, Partial):
        return None
    applying = unfold.definition_of(head)
    if applying is not None:
        definition, values = applying
        if alpha(instantiate(definition.body, values)) == alpha(body):
            return Reading(Role.RESTATED, reason=because(Why.REPEATS_DEFINITION, name=name_of(head)))
        data = definition.body.is_number or isinstance(definition.body, Vector)
        if data and (isinstance(body, Vector) or (body.is_number and cues.example)):
            return Reading(Role.DEFINITION, Definition(head, body), because(Why.ANOTHER_VALUE, name=name_of(head)))
    if mentions(body, name_of(head)) or not is_plain_head(head):
        return None
    if cues.naming or (cues.defining and _primitives(body, unfold) - _primitives(head, unfold)):
        return Reading(Role.DEFINITION, Definition(head, body), because(Why.DEFINES_ANEW, name=name_of(head)))
    return None


def _by_derivative(left: Expr, right: Expr, unfold: Unfolder) -> Reading | None:
    """``∂X/∂v = ∂(…)/∂v`` for an X of which nothing is known says what X is."""
    if not (isinstance(left, Partial) and isinstance(right, Partial) and left.variable == right.variable):
        return None
    head = left.expr
    if not isinstance(head, (Symbol, Indexed)) or not is_head(head) or _known(head, unfold):
        return None
    if isinstance(right.expr, (Symbol, Indexed)) or mentions(right.expr, name_of(head)):
        return None
    if not all(isinstance(p, Symbol) for p in positions_of(head)):
        return None
    return Reading(Role.DEFINITION, Definition(head, right.expr), because(Why.READ_AS_DEFINITION, name=name_of(head)))


def mentions(term: Expr, name: str) -> bool:
    """Whether a scalar, a family or a function of that name occurs in the term."""
    return any(name_of(node) == name for node in term.atoms(Symbol, Indexed, Call, Partial) | {term}
               if isinstance(node, (Indexed, Call)) or (isinstance(node, Symbol) and not node.is_integer)
               or (isinstance(node, Partial) and is_nameable(node)))


def _primitives(term: Expr, unfold: Unfolder) -> set[str]:
    """The names of quantities without a definition from which the term is made."""
    try:
        plain = unfold(term)
    except ValueError:
        plain = term
    return {name_of(node) for node in plain.atoms(Symbol, Indexed) if isinstance(node, Indexed) or not node.is_integer}


# -- assumptions ------------------------------------------------------------------------------------------------


def _is_hypothesis(claim: Claim, context: Context, assuming: bool) -> bool:
    """A number restricts a bare primitive or a sum of one; or an inequality stands between bare primitives."""
    unfold = Unfolder(context)
    left, right = claim.left, claim.right
    for side, other in ((left, right), (right, left)):
        if other.is_number and _is_bare(side, unfold):
            return True
    if claim.relation != "=" or assuming:
        bare = all(_is_bare(side, unfold) or side.is_number for side in (left, right))
        return bare and not (left.is_number and right.is_number)
    return False


def is_constraint(claim: Claim, context: Context, seen: frozenset[str] | None = None) -> bool:
    """A relation between quantities of which none has a definition (and all occurred before, if `seen` is given)."""
    unfold = Unfolder(context)
    parts = [node for side in (claim.left, claim.right) for node in side.atoms(Symbol, Indexed, Call, Partial)]
    values = [node for node in parts if not isinstance(node, Symbol) or not node.is_integer]
    if not values or any(isinstance(node, (Call, Partial)) or unfold.defines(node) for node in values):
        return False
    bases = {name_of(node) for node in values}
    return seen is None or bases <= seen


def _is_bare(term: Expr, unfold: Unfolder) -> bool:
    """A scalar, a size, a member, or a sum of members, none of which has a definition."""
    if isinstance(term, Sum):
        body = peel(term)[0]
        return _is_bare(body, unfold) and bool(body.atoms(Indexed))
    if isinstance(term, Symbol):
        return not _is_index(term) and not unfold.defines(term)
    return isinstance(term, Indexed) and not unfold.defines(term)


def fact_of(claim: Claim) -> Fact:
    """The claim as a hypothesis. An inequality holds for all values of its indices, an equation of a sum too."""
    general = claim.relation != "=" or not isinstance(claim.left, Indexed)
    indices = tuple(dict.fromkeys(free_indices(claim.left) + free_indices(claim.right))) if general else ()
    return Fact(claim.left, claim.relation, claim.right, indices, claim.latex)


def circular(claim: Claim, context: Context) -> bool:
    """Whether the equation, taken as a definition, would lead back to itself: ``b = a`` where a is b."""
    if claim.relation != "=" or not is_head(claim.left):
        return False
    try:
        Unfolder(context.define(Definition(claim.left, claim.right)))(claim.right)
    except Circular:
        return True
    except ValueError:
        return False
    return False


def explained(context: Context) -> Context:
    """The context without definitions of derivatives that its other definitions say already.

    ``∂E/∂w = δ x`` is a definition as long as nothing says what E is; it was a claim if the text says so further down.
    """
    slopes = [d for d in context.definitions if isinstance(d.head, Partial)]
    others = replace(context, definitions=tuple(d for d in context.definitions if not isinstance(d.head, Partial)))
    unfold = Unfolder(others)
    gone = {d.head for d in slopes if isinstance(d.head, Partial) and _says_value(d.head, unfold)}
    return replace(context, definitions=tuple(d for d in context.definitions if d.head not in gone))
