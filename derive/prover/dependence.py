"""What depends on what, through the definitions of a context; and the one quantity that a chain rule goes through."""

from __future__ import annotations

from sympy import Basic, Expr, Indexed, IndexedBase, Symbol

from derive.normal.matching import match
from derive.normal.unfold import instantiate
from derive.terms.context import Context, Definition
from derive.terms.heads import name_of, positions_of
from derive.terms.terms import Call


def names_in(term: Expr) -> frozenset[str]:
    """The names of scalars, families and functions in `term`; indices and sizes are none."""
    found: set[str] = set()
    pending: list[Basic] = [term]
    while pending:
        node = pending.pop()
        if isinstance(node, (Indexed, IndexedBase)):
            found.add(name_of(node))
            continue
        if isinstance(node, Call):
            found.add(node.name)
            pending += node.arguments
        elif isinstance(node, Symbol):
            if not node.is_integer:
                found.add(node.name)
        else:
            pending += node.args
    return frozenset(found)


def defined_by(head: Expr, context: Context) -> Definition | None:
    """The latest definition that applies to `head`; one for literal positions goes before a general one."""
    fitting = [d for d in context.definitions if match(d.head, head) is not None]
    if not fitting:
        return None
    return max(reversed(fitting), key=lambda d: sum(p.is_number for p in positions_of(d.head)))


def body_of(head: Expr, context: Context) -> Expr | None:
    """What the definition of `head` says, one level deep; None if it is not defined."""
    definition = defined_by(head, context)
    if definition is None or isinstance(head, Call) and any(head.orders):
        return None
    return instantiate(definition.body, match(definition.head, head) or {})


class Dependence:
    """The graph of names of one context: an arrow from what is defined to each name in its body."""

    def __init__(self, context: Context) -> None:
        self._below: dict[str, frozenset[str]] = {}
        for definition in context.definitions:
            name = name_of(definition.head)
            own = (
                {p.name for p in definition.head.arguments if isinstance(p, Symbol)}
                if isinstance(definition.head, Call)
                else set()
            )
            self._below[name] = self._below.get(name, frozenset()) | (names_in(definition.body) - own)

    def defined(self, name: str) -> bool:
        """Whether the name has a definition."""
        return name in self._below

    def reaches(self, name: str, target: str, without: str = "") -> bool:
        """Whether `target` is `name` or is met when `name` is unfolded, not passing through `without`."""
        seen: set[str] = set()
        pending = [name]
        while pending:
            here = pending.pop()
            if here == target:
                return True
            if here in seen or here == without:
                continue
            seen.add(here)
            pending += self._below.get(here, ())
        return False

    def depends(self, term: Expr, variable: Expr) -> bool:
        """Whether `term` depends on the family or scalar of `variable`."""
        target = name_of(variable)
        return any(self.reaches(name, target) for name in names_in(term))

    def gateway(self, name: str, variable: str) -> str | None:
        """The defined quantity nearest to `variable` through which all of `name` depends on it; None if there is none."""
        passed = [
            middle
            for middle in self._below
            if middle not in (name, variable)
            and self.reaches(name, middle)
            and self.reaches(middle, variable)
            and not self.reaches(name, variable, without=middle)
        ]
        return next(
            (middle for middle in passed if not any(self.reaches(middle, other) for other in passed if other != middle)), None
        )


def head_of(name: str, context: Context) -> Expr | None:
    """The head of the general definition of a scalar or a family; None for a function or literal members only."""
    for definition in reversed(context.definitions):
        head = definition.head
        if isinstance(head, (Indexed, Symbol)) and name_of(head) == name:
            if all(isinstance(p, Symbol) and not p.is_positive for p in positions_of(head)):
                return head
    return None
