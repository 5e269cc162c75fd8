"""The role of a relation: it names something, assumes something, opens a case, or claims something.

Only the last is judged. An equation names its left side if that is a bare name that was not known before; it
assumes something if it restricts a quantity that has no definition to a number.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import Enum
from functools import cached_property

from sympy import Expr, Indexed, IndexedBase, Sum, Symbol

from derive.narrative.words.grammar import Lead
from derive.normal.compound import alpha
from derive.normal.unfold import Circular, Unfolder, instantiate, is_nameable
from derive.terms import terms
from derive.terms.context import Claim, Context, Definition, Fact
from derive.terms.heads import name_of, positions_of
from derive.terms.reasons import Reason, Why, because
from derive.terms.terms import Call, Partial, Vector, free_indices, peel


class Role(Enum):
    """What a relation does in a document."""

    CLAIM = "claim"
    DEFINITION = "definition"
    RESTATED = "restated"
    UPDATE = "update"
    CONDITION = "condition"
    SETTING = "setting"
    HYPOTHESIS = "hypothesis"
    EQUATION = "equation"
    HEADER = "header"
    UNCLEAR = "unclear"


TAKEN_UP = (Role.CONDITION, Role.SETTING, Role.HYPOTHESIS, Role.EQUATION)
"""The roles of what the text takes up: an assumption in reports."""


@dataclass(frozen=True)
class Reading:
    """The role of a relation, the definition it makes if it makes one, and what to say of it."""

    role: Role
    definition: Definition | None = None
    reason: Reason | None = None
    recurrent: str = ""


STATED = Lead("define", "document", closed=True, opens=True, near=True)
"""What stands in a declaration or is given on the command line."""


@dataclass(frozen=True)
class Features:
    """What decides the role of a relation.

    Args:
        lead: what the words of its sentence say of it.
        seen: the names that occurred before it.
        marked: ``:=`` or an arrow stands in it.
        updating: the words speak of steps or updates.
        elsewhere: the meaning of its left side was given in another part (section, exercise, item).
        link: it is not the first of its chain.
        stated: it stands in a declaration.
        shifted: its left side is a name with a number of a step above it (``\\theta^{t+1}``).
        unread: the names of which a definition was not read.
    """

    claim: Claim
    context: Context
    lead: Lead = Lead()
    seen: frozenset[str] = frozenset()
    marked: bool = False
    updating: bool = False
    elsewhere: bool = False
    link: bool = False
    stated: bool = False
    shifted: bool = False
    unread: frozenset[str] = frozenset()

    @cached_property
    def unfold(self) -> Unfolder:
        return Unfolder(self.context)

    @property
    def equation(self) -> bool:
        return self.claim.relation == "="

    @property
    def concluded(self) -> bool:
        return self.lead.effect in ("conclude", "state")

    @property
    def inferred(self) -> bool:
        return self.lead.effect == "then" and (self.lead.near or self.lead.closed)

    @property
    def header(self) -> bool:
        return _is_header(self.claim, self.concluded)

    @property
    def slope(self) -> bool:
        """Its left side is a derivative of something that is known."""
        left = self.claim.left
        return isinstance(left, Partial) and (not is_nameable(left) or _known(left, self.unfold)
                                              or name_of(left.expr) in self.unread)

    @property
    def again(self) -> bool:
        """Its left side has a meaning already."""
        return is_head(self.claim.left) and _known(self.claim.left, self.unfold)

    @cached_property
    def definition(self) -> Reading | None:
        found = _definition(self)
        if found is not None and _defines_right(found, self.claim) and name_of(self.claim.right) in self.seen:
            return None
        return found

    @property
    def update(self) -> bool:
        """A new value of a name in terms of the old one."""
        left, right = self.claim.left, self.claim.right
        if self.shifted and self.equation and not self.concluded and not self.link:
            return not self.elsewhere
        if not self.equation or self.concluded or not isinstance(left, (Symbol, Indexed)) or _known(left, self.unfold):
            return False
        signs = self.marked or self.updating or bool(right.has(Partial))
        return mentions(right, name_of(left)) and signs and not (isinstance(left, Indexed) and _recurs(left, right))

    @property
    def primitives(self) -> bool:
        """``p_k = q_k`` for two quantities that both occurred before: neither is a name for the other."""
        return self.equation and _between_known_primitives(self.claim, self.context, self.seen)

    @property
    def constraint(self) -> bool:
        return is_constraint(self.claim, self.context)

    @property
    def number(self) -> bool:
        """A number is given to a bare name."""
        left = self.claim.left
        if isinstance(left, Indexed) and all(place.is_Integer for place in left.indices) and self.lead.effect == "let":
            return False  # the first member of a recurrence is defined by its number
        return self.equation and isinstance(left, (Symbol, Indexed)) and bool(self.claim.right.is_Number) and _is_bare(
            left, self.unfold)

    @property
    def valued(self) -> bool:
        """A bare name is equated to a number or to another bare name."""
        left = self.claim.left
        return self.renaming or (isinstance(left, (Symbol, Indexed)) and bool(self.claim.right.is_number) and _is_bare(
            left, self.unfold))

    @property
    def renaming(self) -> bool:
        """A bare name without a meaning is equated to another one."""
        return self.equation and all(isinstance(side, (Symbol, Indexed)) and not side.is_integer and _is_bare(side, self.unfold)
                                     and not any(place.is_Integer for place in getattr(side, "indices", ()))
                                     for side in (self.claim.left, self.claim.right))

    @property
    def restricts(self) -> bool:
        return _is_hypothesis(self.claim, self.context, self.lead.takes_up)

    @property
    def to_solve(self) -> bool:
        """An expression with a free name is equated to a number, and nothing says that it is always so."""
        left, right = self.claim.left, self.claim.right
        names = [node for node in left.free_symbols if not node.is_integer]
        return self.equation and bool(right.is_number) and not left.is_number and bool(names) and self.constraint


def _reading(role: Role) -> Callable[[Features], Reading]:
    return lambda features: Reading(role)


def _defined(features: Features) -> Reading:
    return features.definition or Reading(Role.CLAIM)


def _doubted(features: Features) -> Reading:
    """A name that gets its first meaning as a conclusion; a derivative is a claim."""
    return Reading(Role.CLAIM if isinstance(features.claim.left, Partial) else Role.UNCLEAR)


Rule = tuple[str, Callable[[Features], bool], Callable[[Features], Reading]]
RULES: tuple[Rule, ...] = (
    ("a condition on indices", lambda f: f.header, lambda f: Reading(
        Role.HEADER, reason=because(Why.CONDITION_HEADER))),
    ("a list of values", lambda f: f.equation and isinstance(f.claim.left, IndexedBase) and isinstance(f.claim.right, Vector),
     lambda f: Reading(Role.DEFINITION, reason=because(
         Why.MEMBERS_IN_EXAMPLE, name=str(f.claim.left.label)))),
    ("an update", lambda f: f.update, lambda f: Reading(Role.UPDATE, reason=because(Why.UPDATE, name=name_of_head(f.claim)))),
    ("an equation to solve", lambda f: f.lead.effect == "equate" and not f.again and bool(f.claim.right.is_number),
     _reading(Role.EQUATION)),
    ("what an equation to solve gives", lambda f: f.lead.effect == "solve" and f.equation and bool(f.claim.right.is_number)
     and not f.link, _reading(Role.UNCLEAR)),
    ("the derivative of a known quantity", lambda f: f.equation and f.slope, _reading(Role.CLAIM)),
    ("a conclusion about a known quantity", lambda f: f.concluded and (f.definition is None or f.again or f.primitives),
     _reading(Role.CLAIM)),
    ("a conclusion that names something", lambda f: f.concluded and f.lead.near and f.lead.effect == "conclude", _doubted),
    ("a condition", lambda f: f.lead.effect == "condition" and not f.stated and not f.link and (
        f.lead.direct or f.restricts) and (not f.equation or f.definition is None or bool(f.claim.right.is_number)),
     _reading(Role.CONDITION)),
    ("a number that is inferred", lambda f: f.number and f.lead.effect == "then" and name_of_head(f.claim) in f.seen,
     _reading(Role.CLAIM)),
    ("a setting", lambda f: f.number and not f.stated and not f.concluded and (
        f.lead.effect in ("set", "given", "let", "mention") or not f.lead.closed), _reading(Role.SETTING)),
    ("a definition that is only talked about", lambda f: f.lead.effect == "mention" and f.equation and not f.link
     and f.definition is not None and not f.again, _reading(Role.HYPOTHESIS)),
    ("between known quantities", lambda f: f.primitives and not (f.lead.effect in ("let", "define", "set") and f.lead.near),
     lambda f: Reading(Role.HYPOTHESIS if f.lead.takes_up else Role.CLAIM)),
    ("a postulate", lambda f: f.equation and f.lead.effect == "assume" and is_constraint(f.claim, f.context, f.seen)
     and not f.stated, _reading(Role.HYPOTHESIS)),
    ("a value that is assumed", lambda f: f.equation and f.lead.effect == "assume" and f.valued and not f.stated and not f.link,
      _reading(Role.HYPOTHESIS)),
    ("two names that words about them equate", lambda f: f.renaming and not (f.stated or f.marked or f.link) and not (
        f.lead.closed and (f.lead.effect in ("let", "define", "set", "given", ""))), _reading(Role.HYPOTHESIS)),
    ("a definition", lambda f: f.equation and f.definition is not None, _defined),
    ("a result", lambda f: f.concluded or f.lead.effect == "then", _reading(Role.CLAIM)),
    ("a hypothesis", lambda f: f.restricts or (f.constraint and f.lead.effect in ("assume", "reason")),
     _reading(Role.HYPOTHESIS)),
    ("what the words may deny", lambda f: f.lead.effect == "mention" and not f.link and not f.slope, _reading(Role.UNCLEAR)),
    ("a name in terms of itself", lambda f: f.equation and not f.link and not f.lead.effect and not f.again
     and isinstance(f.claim.left, (Symbol, Indexed)) and mentions(f.claim.right, name_of(f.claim.left)),
     _reading(Role.UNCLEAR)),
    ("an equation of which nothing is said", lambda f: f.to_solve and not f.link, _reading(Role.UNCLEAR)),
    ("a claim", lambda f: True, _reading(Role.CLAIM)),
)
"""The first row that fits decides."""


def role_of(features: Features) -> Reading:
    """The role of a relation: that of the first of :data:`RULES` that fits."""
    return next(make(features) for _, fits, make in RULES if fits(features))


def name_of_head(claim: Claim) -> str:
    """The name on the left side of an equation, "" where there is none alone."""
    return name_of(claim.left) if isinstance(claim.left, (Symbol, Indexed, Call)) else ""


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


def _definition(features: Features) -> Reading | None:
    claim, context, unfold = features.claim, features.context, features.unfold
    left, right = claim.left, claim.right
    by_derivative = _by_derivative(left, right, unfold)
    if by_derivative is not None:
        return by_derivative
    if is_head(left):
        if _known(left, unfold):
            return _known_again(left, right, features)
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
    bare = {node for node in body.atoms(Symbol, Call, Partial) | {body} if isinstance(node, (Symbol, Call))}
    bases = {node.base.label for node in body.atoms(Indexed)}
    members = isinstance(head, Symbol) and not body.has(Partial) and not any(
        name_of(node) == name for node in bare if node not in bases)  # L = (L_1 + .. + L_n) / n
    if mentions(body, name) and not members:
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


def _known_again(head: Expr, body: Expr, features: Features) -> Reading | None:
    """A name that is known: said again, given a new meaning in so many words, or claimed to equal something."""
    unfold, lead = features.unfold, features.lead
    if isinstance(head, Partial):
        return None
    applying = unfold.definition_of(head)
    naming = features.marked or features.stated or (lead.closed and (
        lead.reach == "document" or (lead.effect in ("let", "define", "set") and lead.near)))
    if applying is not None:
        definition, values = applying
        if alpha(instantiate(definition.body, values)) == alpha(body):
            return Reading(Role.RESTATED, reason=because(Why.REPEATS_DEFINITION, name=name_of(head)))
        data = definition.body.is_number or isinstance(definition.body, Vector)
        if data and (isinstance(body, Vector) or (body.is_number and not features.concluded and not features.inferred)):
            return Reading(Role.DEFINITION, Definition(head, body), because(Why.ANOTHER_VALUE, name=name_of(head)))
    if mentions(body, name_of(head)) or not is_plain_head(head):
        return None
    fresh = features.elsewhere and not features.concluded and not features.inferred and not features.link
    more = lead.effect in ("let", "define") and _primitives(body, unfold) - _primitives(head, unfold)
    if naming or fresh or more:
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
