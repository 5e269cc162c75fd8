"""What decides the role of a relation: its words, its place, and the definition that it would make."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from sympy import Indexed, IndexedBase, Integer, Pow, Symbol

from derive.narrative.roles.definitions import defines_right, definition_of, numbered_apart
from derive.narrative.roles.heads import (
    is_bare,
    is_head,
    is_known,
    is_plain_head,
    mentions,
    recurs,
)
from derive.narrative.roles.hypotheses import (
    between_known_primitives,
    exchanges,
    is_constraint,
    is_header,
    is_hypothesis,
    is_of_indices,
)
from derive.narrative.roles.laws import is_eigen, is_law
from derive.narrative.roles.readings import Reading
from derive.narrative.roles.sides import carried_out, data_of, is_decimal
from derive.narrative.words.grammar import Lead
from derive.normal.compound import alpha
from derive.normal.unfold import Unfolder, is_nameable
from derive.terms.arrays import OfMatrix
from derive.terms.chance import is_probability
from derive.terms.context import Claim, Context, Definition, Fact
from derive.terms.heads import name_of
from derive.terms.terms import Call, Partial, Vector

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
        spelled, bounded: it is a link of a chain that begins with a definition, or with an assumption.
        stated: it stands in a declaration.
        shifted: its left side is a name with a number of a step above it (``\\theta^{t+1}``).
        unread: the names of which a definition was not read.
        among: it says in which set a quantity is.
        talked: an equation for its left side was only talked about before.
        shown: it stands on a line of its own.
        spoken: the effects of the words of its sentence.
        counted: its left side was given a number before.
        beside: nothing but *and* parts it from a hypothesis.
        ends: its sentence ends with it.
        restricted: an equation with its left side was assumed, in force here or not.
    """

    claim: Claim
    context: Context
    lead: Lead = Lead()
    seen: frozenset[str] = frozenset()
    marked: bool = False
    updating: bool = False
    elsewhere: bool = False
    link: bool = False
    spelled: bool = False
    bounded: bool = False
    stated: bool = False
    shifted: bool = False
    unread: frozenset[str] = frozenset()
    among: bool = False
    talked: bool = False
    shown: bool = False
    spoken: frozenset[str] = frozenset()
    counted: bool = False
    restricted: bool = False
    beside: bool = False
    ends: bool = False

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
        return is_header(self.claim, self.concluded)

    @property
    def ordered(self) -> bool:
        """An inequality of indices and sizes: ``t < T``."""
        return self.claim.relation not in ("=", "!=") and is_of_indices(self.claim) and self.header

    @cached_property
    def law(self) -> bool:
        return is_law(self.claim, self.context)

    @property
    def eigen(self) -> bool:
        """What its sentence calls an eigenvector is one."""
        return "eigen" in self.spoken and is_eigen(self.claim) and not self.link

    @property
    def slope(self) -> bool:
        """Its left side is a derivative of something that is known."""
        left = self.claim.left
        return isinstance(left, Partial) and (
            not is_nameable(left) or is_known(left, self.unfold) or name_of(left.expr) in self.unread
        )

    @property
    def again(self) -> bool:
        """Its left side has a meaning already."""
        return is_head(self.claim.left) and is_known(self.claim.left, self.unfold)

    @cached_property
    def definition(self) -> Reading | None:
        found = definition_of(self)
        if found is not None and defines_right(found, self.claim) and name_of(self.claim.right) in self.seen:
            return None
        return found

    @cached_property
    def entries(self) -> tuple[Definition, ...]:
        """The definitions of the entries of ``[p_1, p_2] = [.., ..]``, where all of them are new names."""
        left, right = self.claim.left, self.claim.right
        if not (self.equation and isinstance(left, Vector) and isinstance(right, Vector)) or self.concluded:
            return ()
        pairs = list(zip(left.args, right.args, strict=False))
        told = self.lead.effect in ("let", "define", "set", "given")  # what a list is put to without a word is an example
        fresh = all(is_head(head) and not is_known(head, self.unfold) and (told or not body.is_number) for head, body in pairs)
        names = {name_of(head) for head, _ in pairs if is_head(head)}
        whole = len(left.args) == len(right.args) == len(set(left.args))
        if not (whole and fresh) or any(mentions(body, name) for _, body in pairs for name in names):
            return ()
        return tuple(Definition(head, body) for head, body in pairs)

    @property
    def update(self) -> bool:
        """A new value of a name in terms of the old one."""
        left, right = self.claim.left, self.claim.right
        if self.shifted and self.equation and not self.concluded and not self.link:
            return not self.elsewhere
        if not self.equation or self.concluded or not isinstance(left, (Symbol, Indexed)):
            return False
        if self.counted and not (self.link or self.inferred):  # s = 0, s = s + s_i
            outside = right.xreplace({each: Integer(0) for each in right.atoms(Indexed)})
            if left in (right.atoms(Indexed) if isinstance(left, Indexed) else outside.free_symbols):
                return True
        if is_known(left, self.unfold):
            return False
        if isinstance(left, Indexed) and numbered_apart(left, right):
            return False
        signs = self.marked or self.updating or bool(right.has(Partial))
        return mentions(right, name_of(left)) and signs and not (isinstance(left, Indexed) and recurs(left, right))

    @property
    def primitives(self) -> bool:
        """``p_k = q_k`` for two quantities that both occurred before: neither is a name for the other."""
        return self.equation and between_known_primitives(self.claim, self.context, self.seen)

    @property
    def constraint(self) -> bool:
        return is_constraint(self.claim, self.context)

    @property
    def number(self) -> bool:
        """A number is given to a bare name."""
        left = self.claim.left
        if isinstance(left, Indexed) and all(place.is_Integer for place in left.indices) and self.lead.effect == "let":
            return False  # the first member of a recurrence is defined by its number
        return (
            self.equation
            and isinstance(left, (Symbol, Indexed))
            and bool(self.claim.right.is_Number)
            and is_bare(left, self.unfold)
        )

    @property
    def reassigned(self) -> bool:
        """A name that has a number, or another name, as its meaning is equated to something else, as steps of a program are."""
        if not (self.equation and isinstance(self.claim.left, (Symbol, Indexed)) and self.again) or self.link:
            return False
        applying = self.unfold.definition_of(self.claim.left)
        if applying is None or self.concluded or self.inferred:
            return False
        body, right = applying[0].body, self.claim.right
        if body.is_number:
            return not right.is_number and not isinstance(right, Vector)
        return bool(right.is_number) and isinstance(body, (Symbol, Indexed))

    @property
    def figured(self) -> bool:
        """Decimals, or a list of numbers, are put in for names without values, in what is made of those."""
        left, right = self.claim.left, self.claim.right
        listed = isinstance(left, Vector) and isinstance(right, Vector) and all(each.is_number for each in right.args)
        if not (self.equation and (listed or right.is_number and is_decimal(right))) or is_bare(left, self.unfold):
            return False
        given = (each for each in self.context.assumptions if isinstance(each, Fact) and each.relation == "=")
        return bool(data_of(left, self.unfold) - {each.left for each in given if each.right.is_number})

    @property
    def example(self) -> str:
        """The name of a vector without a meaning that a list gives numbers to, whole or written by its entries; or ""."""
        left, right = self.claim.left, self.claim.right
        if not self.equation or not isinstance(right, Vector):
            return ""
        if isinstance(left, IndexedBase):
            return name_of(left)
        silent = self.shown and not self.lead.effect
        members = left.args if isinstance(left, Vector) and not (silent or self.entries) else ()
        plain = [m for m in members if isinstance(m, Indexed) and all(place.is_Integer for place in m.indices)]
        names = {name_of(each) for each in plain}
        whole = len(names) == 1 and len(set(plain)) == len(members) == len(right.args)
        bare = whole and all(is_bare(each, self.unfold) for each in plain) and all(each.is_number for each in right.args)
        return names.pop() if bare and not (self.concluded or self.inferred) else ""

    @property
    def another(self) -> bool:
        """A plain name that has a meaning is equated to something that does not name it."""
        left = self.claim.left
        return (
            self.equation
            and not self.link
            and isinstance(left, (Symbol, Indexed, Call))
            and self.again
            and is_plain_head(left)
            and self.definition is None
            and not mentions(self.claim.right, name_of(left))
        )

    @property
    def renewed(self) -> bool:
        """A function that has a meaning is equated to something else behind a name for its value: ``y = f(x) = x^3``."""
        left = self.claim.left
        return self.equation and self.link and self.spelled and isinstance(left, Call) and self.again and is_plain_head(left)

    @property
    def compared(self) -> bool:
        """Its right side is a name that has a meaning too."""
        return is_head(self.claim.right) and is_known(self.claim.right, self.unfold)

    @property
    def itself(self) -> bool:
        """A name without a meaning is equated to something that is made of it, and not of other members of its family."""
        left, right = self.claim.left, self.claim.right
        if not self.equation or self.link or self.again or not isinstance(left, (Symbol, Indexed)):
            return False
        members = isinstance(left, Indexed) and (numbered_apart(left, right) or recurs(left, right))
        apart = members and not isinstance(right.as_coeff_Mul()[1], Indexed)
        return mentions(right, name_of(left)) and not apart

    @property
    def bounds(self) -> bool:
        """A range or a bound of a quantity that no word puts forward as a result."""
        return self.among and not ((self.concluded or self.inferred) and self.lead.closed)

    @property
    def paired(self) -> bool:
        """It says of which two numbers a quantity is one."""
        left = self.claim.left
        base = left.base if isinstance(left, Pow) and left.exp == 2 else left
        told = any(isinstance(each, Fact) and each.left == base for each in self.context.assumptions)
        return self.among and self.equation and is_bare(base, self.unfold) and not told

    @property
    def valued(self) -> bool:
        """A bare name is equated to a number or to another bare name."""
        left = self.claim.left
        return self.renaming or (
            isinstance(left, (Symbol, Indexed)) and bool(self.claim.right.is_number) and is_bare(left, self.unfold)
        )

    @property
    def renaming(self) -> bool:
        """A bare name without a meaning is equated to another one."""
        return self.equation and all(
            isinstance(side, (Symbol, Indexed))
            and not side.is_integer
            and is_bare(side, self.unfold)
            and not any(place.is_Integer for place in getattr(side, "indices", ()))
            for side in (self.claim.left, self.claim.right)
        )

    @property
    def exchanged(self) -> bool:
        """``S_ij = S_ji``: that gives no member of the family."""
        return isinstance(self.claim.left, Indexed) and exchanges(self.claim)

    @property
    def restricts(self) -> bool:
        return is_hypothesis(self.claim, self.context, self.lead.takes_up)

    @property
    def repeated(self) -> bool:
        """No words take up an equation of which the left side is assumed to be something already."""
        known = (alpha(a.left) for a in self.context.assumptions if isinstance(a, Fact) and a.relation == "=")
        return self.equation and not self.lead.takes_up and alpha(self.claim.left) in known

    @property
    def chance(self) -> bool:
        """An equation about expectations: what is let satisfy one need not have occurred before."""
        members = self.claim.left.atoms(Indexed) | self.claim.right.atoms(Indexed)
        return self.equation and any(is_probability(name_of(each)) for each in members)

    @property
    def to_solve(self) -> bool:
        """An expression with a free name is equated to a number, and nothing says that it is always so."""
        left, number = self.claim.left, bool(self.claim.right.is_number) and not self.claim.left.is_number
        names = any(not node.is_integer for node in left.free_symbols)
        return self.equation and number and names and not carried_out(left) and self.constraint and not self.tied

    @property
    def told(self) -> bool:
        """It speaks of matrices alone that are tied in all their entries."""
        names = {name_of(member) for member in self.claim.left.atoms(Indexed)}
        laws = (each for each in self.context.assumptions if isinstance(each, Fact) and each.relation == "=" and each.forall)
        return bool(names) and names <= {name_of(member) for each in laws for member in each.left.atoms(Indexed)}

    @property
    def tied(self) -> bool:
        """On a line of its own, of matrices alone that are tied in all their entries: their equations say what they are."""
        return self.shown and self.told and bool(self.claim.left.atoms(OfMatrix))
