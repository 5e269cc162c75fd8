"""What an equation does not say of its name: no definition where another was not read, nor where an equation ties it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from sympy import Dummy, Expr, Indexed, IndexedBase, Integer, KroneckerDelta, Mul, Pow, Sum, Symbol

from derive.judge.verdict import Cause, Doubt
from derive.latex.grammar.arguments import is_worded
from derive.latex.symbols.table import DEFAULT_FUNCTIONS, DEFAULT_INDICES, SymbolTable
from derive.latex.tokens.vocabulary import BOLD
from derive.latex.vectors.bold import inner_name, slanted
from derive.narrative.roles.heads import mentions
from derive.narrative.roles.sides import reached
from derive.normal.unfold import Unfolder
from derive.terms.context import Assumption, Claim, Context, Definition, DependsOn, Fact, OneHot
from derive.terms.heads import name_of
from derive.terms.reasons import Reason, Why, because
from derive.terms.terms import Call, Partial, Vector


def no_definition(definition: Definition, context: Context, unread: Mapping[str, int]) -> Reason | None:
    """Why an equation without words cannot be taken for a definition of its left side; None if it can.

    Args:
        unread: the names whose definition was not read, with its line.
    """
    head, body = definition.head, definition.body
    name = name_of(head.expr if isinstance(head, Partial) else head)
    if name in unread:
        return because(Why.UNREAD_DEFINITION, name=name, line=unread[name])
    if isinstance(head, Partial) and any(
        name in names_in(a) for a in context.assumptions if isinstance(a, Fact) and a.relation == "="
    ):
        return because(Why.ASSUMED_CHANGE, name=name)
    first = isinstance(head, Indexed) and not context.known.names(name)
    given = body.is_number or isinstance(body, (Symbol, Indexed))
    if name in context.recurring and not (first and given):
        return because(Why.RECURRENT, name=name)
    return None


def is_chained(new: Definition, context: Context) -> bool:
    """Whether it is of a derivative of a quantity that is differentiated elsewhere by something made of the same variable.

    What ``∂L/∂W`` is follows then from ``∂L/∂u`` and u, by a chain rule: it is no new name.
    """
    slope = new.head
    if not isinstance(slope, Partial):
        return False
    variable, name = name_of(slope.variable), name_of(slope.expr)
    if context.known.names(name):
        return False
    slopes = {
        part
        for side in (new.body, *(side for each in context.definitions for side in (each.head, each.body)))
        for part in side.atoms(Partial)
        if isinstance(part.expr, (Symbol, Indexed, Call)) and name_of(part.expr) == name
    }
    inner = (part.variable for part in slopes if isinstance(part.variable, (Symbol, Indexed)))
    return any(name_of(each) != variable and variable in reached(each, context) for each in inner)


def in_doubt(
    claims: Collection[Claim],
    context: Context,
    unread: Mapping[str, int],
    narrowed: Mapping[str, int],
    elsewhere: Mapping[str, int],
) -> tuple[Doubt, ...]:
    """Why numbers cannot refute the claims.

    Args:
        unread: the names whose definition was not read, with its line.
        narrowed: the names of which something was said that was not read, and that may restrict them.
        elsewhere: the names whose meaning comes from another part of the document.
    """
    known = context.known
    for head in (claim.left for claim in claims if isinstance(claim.left, Call) and claim.relation == "="):
        if (
            not any(head.orders)
            and not known.names(head.name)
            and any(call.name == head.name and any(call.orders) for claim in claims for call in claim.right.atoms(Call))
        ):
            return (Doubt(Cause.NAME, head.name),)
    names = {name for claim in claims for side in (claim.left, claim.right) for name in reached(side, context)}
    sloped = {name_of(d.head.expr) for d in context.definitions if isinstance(d.head, Partial)}
    beside = {name for claim in claims for name in _outside(claim.left) ^ _outside(claim.right)}
    found = [Doubt(Cause.NAME, name) for name in sorted(sloped & beside) if not known.names(name)]  # its slope says some of it
    found += [Doubt(Cause.NOT_READ, name, unread[name]) for name in sorted(names & set(unread)) if not known.names(name)]
    found += [Doubt(Cause.NAME, name) for name in sorted(_compared(claims)) if not known.names(name)]
    found += [Doubt(Cause.NARROWED, name, narrowed[name]) for name in sorted(names & set(narrowed))]
    found += [Doubt(Cause.ELSEWHERE, name, elsewhere[name]) for name in sorted(names & set(elsewhere))]
    return tuple(found)


def _compared(claims: Collection[Claim]) -> set[str]:
    """The functions with values at different places on both sides of an inequality: ``f(x) \\le f(x_0)`` says what f is."""
    found: set[str] = set()
    for claim in claims:
        calls = [side.atoms(Call) for side in (claim.left, claim.right) if claim.relation not in ("=", "!=")]
        if len(calls) == 2 and calls[0] != calls[1]:
            found |= {call.name for call in calls[0]} & {call.name for call in calls[1]}
    return found


def _outside(side: Expr) -> set[str]:
    """The names that stand outside of derivatives."""
    return {name_of(node) for node in side.xreplace({p: Integer(0) for p in side.atoms(Partial)}).atoms(Symbol, Indexed)}


def of_members(claims: Collection[Claim], table: SymbolTable) -> tuple[Doubt, ...]:
    """The families of which no range is known at one of their places."""
    members = {node for claim in claims for side in (claim.left, claim.right) for node in side.atoms(Indexed)}
    names = {
        name_of(node) for node in members if any(table.span_at(name_of(node), at) is None for at in range(len(node.indices)))
    }
    return tuple(Doubt(Cause.CHOICE, name, taken=Why.TAKEN_EVERY_MEMBER) for name in sorted(names))


def of_sizes(claims: Collection[Claim], table: SymbolTable, written: frozenset[str]) -> tuple[Doubt, ...]:
    """The size that families have for which the text shows none, where a claim has another one and no formula writes it."""
    sizes = {
        s.name
        for claim in claims
        for side in (claim.left, claim.right)
        for s in side.free_symbols
        if isinstance(s, Symbol) and s.is_integer and s.is_positive
    }
    strange = len(sizes) > 1 and table.default_size in sizes and table.default_size not in written | table.declared
    return (Doubt(Cause.CHOICE, table.default_size, taken=Why.TAKEN_EVERY_MEMBER),) if strange else ()


def of_bold(
    names: Collection[str], table: SymbolTable, letters: Collection[str], beside: bool, context: Context
) -> tuple[Doubt, ...]:
    """The names that stand bold for something of their own where the document has the plain letter, of `letters`, as well.

    What holds of both holds also if they are one, unless both are at hand: a derivative would be another one then. These are
    asked for with `beside`, the others without. A name with an accent that no definition gives a meaning may have its letter's.
    """
    shown = {key for (key, _), _ in table.inferred} & set(names)
    told = {name: context.known.names(name) for name in shown}
    plain = {name: slanted(name) if told[name] else inner_name(name)[0] for name in shown if inner_name(name)[1]}
    bold = sorted(n for n, p in plain.items() if (p in letters or table.is_family(p)) and p not in table.sizes)
    asked = [name for name in bold if (plain[name] in names) == beside]
    listed = {name_of(d.head) for d in context.definitions if isinstance(d.body, Vector)} if shown else set()
    asked += sorted((shown & listed).difference(asked)) if not beside else []  # its entries are not those that are listed
    return tuple(Doubt(Cause.CHOICE, name, taken=Why.TAKEN_APART) for name in asked)


def of_entries(names: Collection[str], table: SymbolTable) -> tuple[Doubt, ...]:
    r"""The families that may be the entries of a matrix in bold type or capitals beside them: ``w_{ij}`` and ``\mathbf W``."""
    spaces = {inner_name(name)[0]: len(spans) for name, spans in table.spaces if name in names}
    small = (name for name in sorted(names) if len(name) == 1 and name.islower() and table.space_of(name) is None)
    found = [name for name in small if name.upper() in spaces and table.arity_of(name) == spaces[name.upper()]]
    return tuple(Doubt(Cause.CHOICE, name, taken=Why.TAKEN_APART) for name in found)


def of_turned(names: Collection[str], table: SymbolTable) -> tuple[Doubt, ...]:
    """The plain names that a transpose shows to be vectors or matrices: which of the two, and of which lengths, is not said."""
    plain = sorted(key for (key, count), _ in table.inferred if not count and key in names and not inner_name(key)[1])
    return tuple(Doubt(Cause.CHOICE, name, taken=Why.TAKEN_SHAPED) for name in plain)


def of_values_of(names: Collection[str], context: Context) -> tuple[Doubt, ...]:
    r"""The names without a meaning of which the document defines values: ``\sigma_i`` beside ``\sigma(\mathbf z)_i = ..``."""
    valued = {name_of(d.head).partition("(")[0] for d in context.definitions if "(" in name_of(d.head)}
    return tuple(Doubt(Cause.NAME, name) for name in sorted(valued & set(names)) if not context.known.names(name))


def bold_numbers(claims: Collection[Claim], context: Context) -> tuple[Doubt, ...]:
    """The names in bold type that are read as numbers, though nothing says what they are: they stand for vectors elsewhere."""
    sides = [side for claim in claims for side in (claim.left, claim.right)]
    families = {node.base.label for side in sides for node in side.atoms(Indexed)}
    found = {
        s.name for side in sides for s in side.free_symbols - families if isinstance(s, Symbol) and s.name.startswith(BOLD)
    }
    return tuple(Doubt(Cause.NAME, name) for name in sorted(found) if not context.known.names(name))


def of_words(names: Collection[str], context: Context) -> tuple[Doubt, ...]:
    """The numbers that are named by words in a bracket, as probabilities are: they may obey laws of which nothing is said."""
    return tuple(Doubt(Cause.NAME, name) for name in sorted(names) if is_worded(name) and not context.known.names(name))


def by_choice(
    names: Collection[str], context: Context, table: SymbolTable, letters: Collection[str], shorthands: Mapping[str, str]
) -> tuple[Doubt, ...]:
    """The names to which a claim leads that have their meaning by a choice of the reader, wherever they stand."""
    return (*of_values(names, context), *of_shorthands(names, shorthands), *of_bold(names, table, letters, True, context))


def of_values(names: Collection[str], context: Context) -> tuple[Doubt, ...]:
    """Unexplained functions of whole vectors, through which definitions lead: their values are taken for numbers."""
    calls = {call for definition in context.definitions for call in definition.body.atoms(Call)}
    opaque = {call.name for call in calls if any(isinstance(argument, IndexedBase) for argument in call.arguments)}
    found = sorted(name for name in opaque & set(names) if not context.known.names(name))
    return tuple(Doubt(Cause.CHOICE, name, taken=Why.TAKEN_NUMBER) for name in found)


def of_shorthands(names: Collection[str], shorthands: Mapping[str, str]) -> tuple[Doubt, ...]:
    """The names that are written with a command which the document does not define."""
    usual = sorted({inner_name(name)[0] for name in names} & set(shorthands))
    return tuple(Doubt(Cause.CHOICE, shorthands[name], taken=Why.TAKEN_SHORTHAND) for name in usual)


def narrowed_function(claims: Collection[Claim], context: Context, narrowed: Collection[str]) -> str:
    """The function of which something unread was said (*f is convex*) that values in an inequality lead to; "" if none is."""
    calls = {call for claim in claims for side in (claim.left, claim.right) for call in side.atoms(Call)}
    names = {name for call in calls for name in reached(call, context)}
    called = {call.name for d in context.definitions for call in d.body.atoms(Call)} | {call.name for call in calls}
    return min(names & called & set(narrowed), default="")


def unexplained(claims: Collection[Claim], begun: Sequence[Claim], context: Context, narrowed: Collection[str]) -> str:
    """The function of which too little is said for a claim to be judged; "" if there is none.

    Args:
        begun: the first claims of the chain in which `claims` are a later link.
        narrowed: the names of which something was said that was not read.
    """
    ordered = any(claim.relation != "=" for claim in claims)
    return (narrowed_function(claims, context, narrowed) if ordered else "") or (
        told_anew(begun[0], claims, context) if begun else ""
    )


def told_anew(first: Claim, claims: Collection[Claim], context: Context) -> str:
    """The function that nothing explains by which a chain says what another one is: the g of ``f(x + h) = g(x + h)``.

    What f was before says nothing of it then; "" where the chain says no such thing of a function that `claims` are about.
    """
    head = first.left
    if not isinstance(head, Call) or first.relation != "=" or not context.known.names(head.name):
        return ""
    if not any(call.name == head.name for claim in claims for side in (claim.left, claim.right) for call in side.atoms(Call)):
        return ""
    strange = {call.name for call in first.right.atoms(Call) if not context.known.names(call.name)} - {head.name}
    return min(strange, default="")


def slope_of(term: Partial) -> str:
    """The names of a derivative, by which one without a definition of what it is the derivative of is known."""
    named = (term.expr, term.variable)
    return "/".join(name_of(each) if isinstance(each, (Symbol, Indexed, Call)) else str(each) for each in named)


def tied(claim: Claim, context: Context, seen: Collection[str]) -> str:
    r"""The name in ``\sigma^2 = ..``, ``\sum_i w_i x_i = h`` or ``f x = ..`` that is none of `seen`, those before; or ""."""
    left, right = claim.left, claim.right
    if isinstance(right, Symbol) and left.atoms(Sum, Indexed) and not isinstance(left, Indexed):
        left, right = right, left
    base = left.base if isinstance(left, Pow) and left.exp.is_number else left if left is claim.right else _applied(left)
    if claim.relation != "=" or not isinstance(base, (Symbol, Indexed)) or base.is_integer or right.is_number:
        return ""
    name = name_of(base)
    return "" if name in seen or Unfolder(context).defines(base) or mentions(right, name) else name


def _applied(term: Expr) -> Expr | None:
    """The f of ``f x``, which is read as a product."""
    letters = term.args if isinstance(term, Mul) and len(term.args) == 2 else ()
    if not all(isinstance(letter, Symbol) for letter in letters):
        return None
    return next((letter for letter in letters if str(letter) in DEFAULT_FUNCTIONS), None)


def read_as_two(claims: Collection[Claim]) -> tuple[Doubt, ...]:
    """The names that were read as an integer and as a real number in one relation."""
    kinds: dict[str, set[bool]] = {}
    for claim in claims:
        for symbol in claim.left.free_symbols | claim.right.free_symbols:
            kinds.setdefault(str(symbol), set()).add(bool(symbol.is_integer))
    return tuple(Doubt(Cause.CHOICE, name, taken=Why.TAKEN_TWO) for name in sorted(kinds) if len(kinds[name]) > 1)


def totals(claims: Collection[Claim], context: Context) -> tuple[Doubt, ...]:
    r"""Slopes ``\partial f / \partial x`` of f(x, y) where y depends on x: y may be held fixed, or not."""
    found = []
    slopes = [p for claim in claims for side in (claim.left, claim.right) for p in side.atoms(Partial)]
    for slope in sorted(slopes, key=str):
        arguments = slope.expr.arguments if isinstance(slope.expr, Call) else ()
        others = [a for a in arguments if a != slope.variable and isinstance(a, Symbol | Indexed)]
        if slope.variable in arguments and any(name_of(slope.variable) in reached(a, context) for a in others):
            found.append(Doubt(Cause.CHOICE, name_of(slope.expr), taken=Why.TAKEN_TOTAL))
    return tuple(dict.fromkeys(found))


def unsummed(claims: Collection[Claim], context: Context, anywhere: bool, entries: Collection[str]) -> tuple[Doubt, ...]:
    """The free indices that stand at two factors of a product, over which a sum may be meant.

    Args:
        anywhere: words say that such sums are meant; else only an index of which the other side has none may be summed over.
        entries: the indices of entries of what is written as a vector or matrix.
    """
    found: set[str] = set()
    for claim in claims:
        for side, other in ((claim.left, claim.right), (claim.right, claim.left)):
            twice = {name for product in side.atoms(Mul) for name in _twice(product)}
            own = reached(other, context) | set(entries)
            found |= twice if anywhere else twice - own
    return tuple(Doubt(Cause.CHOICE, name, taken=Why.TAKEN_UNSUMMED) for name in sorted(found))


def _twice(product: Expr) -> set[str]:
    """The free indices that stand at two factors of a product."""
    factors = [*product.atoms(Indexed), *product.atoms(KroneckerDelta), *(p.exp for p in product.atoms(Pow))]
    places = [
        {s.name for s in member.free_symbols if s.is_integer and isinstance(s, Symbol) and not isinstance(s, Dummy)}
        for member in factors
    ]
    return {name for number, names in enumerate(places) for other in places[number + 1 :] for name in names & other}


def of_deltas(claims: Collection[Claim], table: SymbolTable) -> tuple[Doubt, ...]:
    r"""The deltas at a letter that nothing shows to be an index: ``\delta_{oi}`` may be the error of a layer o."""
    sides = [side for claim in claims for side in (claim.left, claim.right)]
    deltas = {delta for side in sides for delta in side.atoms(KroneckerDelta)}
    bare = [side.xreplace({delta: Dummy() for delta in deltas}) for side in sides]
    elsewhere = {s.name for side in bare for s in side.free_symbols if isinstance(s, Symbol)}
    shown = {name for name, _ in table.ranges} | table.told | table.declared | elsewhere
    letters = {s.name for delta in deltas for s in delta.free_symbols if isinstance(s, Symbol) and not isinstance(s, Dummy)}
    strange = [name for name in sorted(letters) if name not in shown and name not in DEFAULT_INDICES]
    return (Doubt(Cause.CHOICE, "\\delta", taken=Why.TAKEN_KRONECKER),) if strange else ()


def is_value(definition: Definition, context: Context) -> bool:
    """Whether a variable of what is defined already is given a number."""
    head = definition.head
    return (
        isinstance(head, Symbol)
        and bool(definition.body.is_number)
        and any(head in known.body.free_symbols for known in context.definitions)
    )


def names_in(assumption: Assumption) -> set[str]:
    """The names of quantities, not of indices, that an assumption is about."""
    if isinstance(assumption, OneHot):
        return {str(assumption.family.label)}
    if isinstance(assumption, DependsOn):
        return {name_of(assumption.quantity)}
    sides = (assumption.left, assumption.right) if isinstance(assumption, Fact) else (assumption.term,)
    nodes = {node for side in sides for node in side.atoms(Symbol, Indexed)}
    return {name_of(node) for node in nodes if isinstance(node, Indexed) or not node.is_integer or node.is_positive}
