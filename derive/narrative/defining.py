"""Definitions taken up where a document gives them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sympy import Indexed, Symbol

from derive.narrative.doubted import Doubted
from derive.narrative.doubts.names import slope_of
from derive.narrative.entries import Entry
from derive.narrative.names.places import settled_at
from derive.narrative.roles.heads import is_plain_head, mentions
from derive.narrative.roles.readings import Reading, Role
from derive.narrative.words.paragraphs import Placed
from derive.normal.unfold import Unfolder
from derive.terms import terms
from derive.terms.context import Claim, Definition
from derive.terms.heads import name_of
from derive.terms.reasons import Why, because
from derive.terms.terms import Call, Partial


class Defining(Doubted):
    """The state of a walk, to which definitions are added."""

    def _defined(self, placed: Placed, claim: Claim, found: Reading, entry: Entry) -> None:
        line = placed.formula.position(entry.start)[0]
        if found.recurrent is not None and found.recurrent not in self.known.context.recurrent:
            self.known.context = replace(self.known.context, recurrent=(*self.known.context.recurrent, found.recurrent))
        for each in found.entries:
            self._defined(placed, claim, Reading(Role.DEFINITION, each), entry)
        if found.definition is None:
            return
        head = found.definition.head
        name = name_of(head)
        self.unread_heads.pop(name, None)
        if isinstance(head, Partial):
            self.homes[slope_of(head)] = placed.within, line
        else:
            under = placed.lead.under and (placed.case is not None or placed.sentence == self.restricted)
            own = {f"paragraph {placed.formula.paragraph}"} if under else set()
            self.homes[name] = placed.within | own, line
        new = [replace(found.definition, source=f"line {line}")]
        if isinstance(head, Call) and not all(isinstance(a, Symbol) for a in head.arguments):
            new.append(Definition(terms.scalar(name), found.definition.body, f"line {line}"))  # L for L(z)
        bare = terms.scalar(name)
        if isinstance(head, Call) and Unfolder(self.known.context).defines(bare):  # the f of another f(x)
            kept = tuple(d for d in self.known.context.definitions if d.head != bare)
            self.known.context = replace(self.known.context, definitions=kept)
        self.known.context = settled_at(self.known.context.define(*new), head, entry.context)
        self.known.lines.write([head], line)
        if found.reason is not None and found.reason.why in (Why.READ_AS_DEFINITION, Why.DEFINES_ANEW):
            self.inferred.append(because(Why.IN_LINE, what=found.reason, line=line))

    def _said_anew(self, placed: Placed, claims: Sequence[Claim], entry: Entry) -> None:
        """Forget what a name is where an equation says it anew by a function that nothing explains: it was not read."""
        head, right = claims[0].left, claims[0].right
        if entry.position or claims[0].relation != "=" or not isinstance(head, (Symbol, Indexed)) or not is_plain_head(head):
            return
        known = self.known.context.known
        name, strange = name_of(head), {call.name for call in right.atoms(Call) if not known.names(call.name)}
        if strange and known.names(name) and not mentions(right, name):
            kept = tuple(d for d in self.known.context.definitions if name_of(d.head) != name)
            self.known.context = replace(self.known.context, definitions=kept)
            self._not_read(name, placed, entry.start)
