"""What the reader knows of names: which are indices, sizes, families, functions, and which have several letters."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from sympy import Expr, Integer

from derive.terms import terms
from derive.terms.context import Range

DEFAULT_INDICES = frozenset("ijklm")
LABELS = frozenset("xyzuvw")
"""Letters that, below a name, are a label (``\\mu_x``) unless a sum binds them or they are declared."""
DEFAULT_FUNCTIONS = frozenset({"f", "g", "h", "F", "G", "H", "\\sigma", "\\phi", "\\psi", "\\varphi"})


STEP = "^{\\cdot}"
"""What stands for the number of a step in a name."""


def is_value(name: str) -> bool:
    r"""Whether a family's name is a function at its arguments, as in ``\sigma(\mathbf z)_i``."""
    return name.endswith(")")


@dataclass(frozen=True)
class Body:
    """What a function of `parameters` is, as a tree; `shaped` tells that its values are vectors or matrices. A function that is
    given in several ways has the value None."""

    parameters: tuple[str, ...]
    value: object
    shaped: bool = False


@dataclass(frozen=True)
class SymbolTable:
    """What is declared or was seen in the document. Immutable: each method returns a new table.

    `names` are names of several letters, `families` pairs of a name and its number of indices, `depends` pairs of a
    name
    and the variables it is a function of (``u = u(x)``), `declared` the names whose kind was declared: what was merely
    seen never changes those. `members` are families with the letters they are written with (``w_{kj}``; "" for what is
    no letter), `defined` functions with the arguments they are defined at (``\\sigma(x) = ..``), and values of functions
    whose entries are defined (``\\sigma(\\mathbf z)_i = ..``) with none. `steps` are names with the letters that count above
    them (``w^l_{jk}``), `stepped` those of them that have so many indices below as well, `factors` names that stand with a
    subscript and no bracket behind it. `spaces` are names that the text makes vectors or matrices,
    with the ranges of their places; `layout` is that of derivatives by vectors, "" where the text says none; `columns`
    tells that a definition shows gradients to be columns, `shaped` are bold names that definitions make vectors;
    `pointwise` are functions that words make functions of a number;
    `inferred` are bold names with a number of indices, and the ranges that their use gave the places behind those;
    `values` are letters that are no indices where the text is now, whatever they are elsewhere;
    `literal` are names of vectors and matrices whose entries are written out; `guessed` are those of `spaces` whose shape
    their use tells, and no declaration; `bodies` are functions between vectors that an expression gives;
    `called` are names before a bracket that holds arguments, for a product has none such: ``p(x; \\theta)``, ``p(y \\mid x)``;
    `random` are names that words, a law or a definition make random; `entrywise` tells that words speak of functions that are
    taken entry by entry, and of no matrix exponential; `pointed` are functions that nothing explains and that formulas take of
    each entry, `ranked` those that have vectors or matrices for values, with the number of their places.
    """

    names: frozenset[str] = frozenset()
    indices: frozenset[str] = frozenset()
    sizes: frozenset[str] = frozenset({"n"})
    families: tuple[tuple[str, int], ...] = ()
    functions: frozenset[str] = frozenset()
    scalars: frozenset[str] = frozenset()
    constants: frozenset[str] = frozenset()
    vectors: frozenset[str] = frozenset()
    depends: tuple[tuple[str, tuple[str, ...]], ...] = ()
    ranges: tuple[tuple[str, Range], ...] = ()
    declared: frozenset[str] = frozenset()
    default_size: str = "n"
    members: frozenset[tuple[str, tuple[str, ...]]] = frozenset()
    defined: frozenset[tuple[str, tuple[str, ...]]] = frozenset()
    told: frozenset[str] = frozenset()
    places: tuple[tuple[tuple[str, int], Range], ...] = ()
    steps: frozenset[tuple[str, str]] = frozenset()
    stepped: frozenset[tuple[str, int]] = frozenset()
    factors: frozenset[str] = frozenset()
    spaces: tuple[tuple[str, tuple[Range, ...]], ...] = ()
    layout: str = ""
    columns: bool = False
    inferred: tuple[tuple[tuple[str, int], tuple[Range, ...]], ...] = ()
    values: frozenset[str] = frozenset()
    literal: frozenset[str] = frozenset()
    shaped: frozenset[str] = frozenset()
    pointwise: frozenset[str] = frozenset()
    guessed: frozenset[str] = frozenset()
    bodies: tuple[tuple[str, Body], ...] = ()
    called: frozenset[str] = frozenset()
    random: frozenset[str] = frozenset()
    entrywise: bool = False
    pointed: frozenset[str] = frozenset()
    ranked: tuple[tuple[str, int], ...] = ()

    # -- questions ------------------------------------------------------------------------------------------------

    def is_index(self, name: str) -> bool:
        if name in self.sizes or name in self.scalars or name in self.values:
            return False
        return name in self.indices or name in DEFAULT_INDICES

    def is_integer(self, name: str) -> bool:
        return name in self.sizes or self.is_index(name)

    def is_function(self, name: str) -> bool:
        """Whether ``name(..)`` is a value of the function `name`, and no product."""
        if name in self.functions or any(known == name for known, _ in self.depends):
            return True
        return name in DEFAULT_FUNCTIONS and not self.is_value(name)

    def is_value(self, name: str) -> bool:
        """Whether `name` is known as something that has no arguments."""
        return name in self.scalars | self.constants or self.is_integer(name) or self.arity_of(name) is not None

    def arity_of(self, name: str) -> int | None:
        """The number of indices of the family `name`; None for no family, or one seen with different numbers."""
        found = {arity for known, arity in self.families if known == name}
        return found.pop() if len(found) == 1 else None

    def is_family(self, name: str) -> bool:
        return any(known == name for known, _ in self.families)

    def gives_value(self, name: str) -> bool:
        r"""Whether the entries of ``\sigma(\mathbf z)`` are defined, or those of the same function of another one name."""
        same = f"{name.partition('(')[0]}(" if name.count(",") == 0 else name
        return any(
            not arguments and (known == name or known.startswith(same) and "," not in known)
            for known, arguments in self.defined
        )

    def variables_of(self, name: str) -> tuple[str, ...] | None:
        return next((variables for known, variables in self.depends if known == name), None)

    def range_of(self, name: str) -> tuple[Expr, Expr]:
        """The range of the index `name`: its own, or 1..n."""
        for known, span in self.ranges:
            if known == name:
                return span.low, span.high
        return Integer(1), terms.size(self.default_size)

    def span_at(self, name: str, position: int) -> Range | None:
        """The range of a position of the family `name`: what the document shows, or that of the letters it is written with;
        None if they disagree.
        """
        if (space := self.space_of(name)) is not None:
            return space[position] if position < len(space) else None
        if (shown := dict(self.places).get((name, position))) is not None:
            return shown
        letters = {places[position] for known, places in self.members if known == name and position < len(places)}
        spans = {self.range_of(letter) for letter in letters if letter} or {self.range_of("")}
        return Range(*spans.pop()) if len(spans) == 1 else None

    def below_step(self, name: str) -> int:
        """How many indices stand below a name with a step above it, ``z^{\\cdot}``, elsewhere; 0 for any other name."""
        counts = {count for known, count in self.stepped if f"{known}{STEP}" == name}
        return counts.pop() if len(counts) == 1 else 0

    def is_usual_at(self, name: str, position: int) -> bool:
        """Whether nothing in the document but custom says the range of a position of the family `name`."""
        if self.space_of(name) is not None or (name, position) in dict(self.places) or name in self.shaped:
            return False
        letters = {places[position] for known, places in self.members if known == name and position < len(places)}
        return not letters & ({known for known, _ in self.ranges} | self.told)

    def range_at(self, name: str, places: Iterable[tuple[str, int]]) -> tuple[Expr, Expr]:
        """The range of an index that stands at `places` of families: theirs, unless its own is stated or they differ."""
        spans = {span for place in places for known, span in self.places if known == place}
        if name in self.told or len(spans) != 1:
            return self.range_of(name)
        span = spans.pop()
        return span.low, span.high

    def space_of(self, name: str) -> tuple[Range, ...] | None:
        """The ranges of the places of a name that the text makes a vector or a matrix."""
        return next((spans for known, spans in self.spaces if known == name), None)

    def inferred_of(self, name: str, count: int = 0) -> tuple[Range, ...] | None:
        """The ranges of the places of a bold name with `count` indices, where its use tells them."""
        return next((spans for key, spans in self.inferred if key == (name, count)), None)

    def random_of(self, name: str) -> str:
        """The random quantity that a name, in bold type or not, stands for; "" for any other name."""
        return next((each for each in self.random if name in (each, f"\\mathbf{{{each}}}", f"\\vec{{{each}}}")), "")

    def takes_scalar(self, name: str) -> bool:
        """Whether `name` is a function that is defined at one scalar, and nowhere at anything else."""
        heads = [arguments for known, arguments in self.defined if known == name]
        return bool(heads) and all(
            len(arguments) == 1 and self.is_family(arguments[0]) is False and "{" not in arguments[0] for arguments in heads
        )

    @property
    def e_is_declared(self) -> bool:
        return "e" in self.declared

    # -- growing --------------------------------------------------------------------------------------------------

    def with_names(self, *names: str) -> SymbolTable:
        return replace(self, names=self.names | {name for name in names if len(name) > 1})

    def with_index(self, name: str, low: Expr | int = 1, high: Expr | str | int | None = None) -> SymbolTable:
        """`name` is an index, in its own range if `high` is given."""
        table = replace(self, indices=self.indices | {name}, sizes=self.sizes - {name}, declared=self.declared | {name})
        if high is None:
            return table
        if isinstance(high, str):
            table = table.with_size(high)
            high = terms.size(high)
        kept = tuple(pair for pair in table.ranges if pair[0] != name)
        return replace(
            table,
            ranges=(
                *kept,
                (name, Range(Integer(low) if isinstance(low, int) else low, Integer(high) if isinstance(high, int) else high)),
            ),
        )

    def with_told(self, name: str, span: Range) -> SymbolTable:
        """The text says over which range the index `name` runs; what that ends at is a size."""
        table = self
        for size in sorted(str(s) for s in span.high.free_symbols if s.is_positive):
            table = table.with_size(size)
        kept = tuple(pair for pair in table.ranges if pair[0] != name)
        return replace(table, told=table.told | {name}, ranges=(*kept, (name, span)))

    def with_size(self, name: str) -> SymbolTable:
        return replace(self.with_names(name), sizes=self.sizes | {name}, declared=self.declared | {name})

    def with_family(self, name: str, arity: int, letters: tuple[str, ...] = ()) -> SymbolTable:
        """`name` takes `arity` indices, in the ranges of `letters`."""
        kept = tuple(pair for pair in self.families if pair[0] != name)
        members = self.members | ({(name, letters)} if letters else set())
        return replace(
            self.with_names(name),
            families=(*kept, (name, arity)),
            functions=self.functions - {name},
            declared=self.declared | {name},
            members=members,
        )

    def with_space(self, name: str, spans: tuple[Range, ...]) -> SymbolTable:
        """The text makes `name` a vector (one range) or a matrix (two)."""
        table = self.with_family(name, len(spans))
        for size in sorted(str(s) for span in spans for s in span.high.free_symbols):
            table = table if size in table.indices else table.with_size(size)
        kept = tuple(pair for pair in table.spaces if pair[0] != name)
        return replace(
            table,
            indices=table.indices - {name},
            scalars=table.scalars - {name},
            members=frozenset(pair for pair in table.members if pair[0] != name),
            spaces=(*kept, (name, spans)),
        )

    def with_function(self, name: str, variables: Iterable[str] = ()) -> SymbolTable:
        """`name` is a function; with `variables`, its bare name stands for its value at them."""
        table = replace(self.with_names(name), functions=self.functions | {name}, declared=self.declared | {name})
        if not (known := tuple(variables)):
            return table
        kept = tuple(pair for pair in table.depends if pair[0] != name)
        return replace(table, depends=(*kept, (name, known)))

    def with_scalar(self, name: str) -> SymbolTable:
        return replace(
            self.with_names(name),
            scalars=self.scalars | {name},
            functions=self.functions - {name},
            indices=self.indices - {name},
            sizes=self.sizes - {name},
            declared=self.declared | {name},
        )

    def with_constant(self, name: str) -> SymbolTable:
        return replace(self.with_scalar(name), constants=self.constants | {name})

    def with_vector(self, name: str) -> SymbolTable:
        return replace(self.with_names(name), vectors=self.vectors | {name}, declared=self.declared | {name})
