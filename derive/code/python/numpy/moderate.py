"""The statements of a NumPy function for moderate exponents, where every step counts.

The entries at the labels are read and replaced in the flat array, at places that are found, and checked, once; and what is
divided by a sum of exponentials for each row is multiplied by its inverse, which neither overflows nor vanishes.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from fractions import Fraction

from derive.code.arrays.exponentials import is_sum
from derive.code.arrays.program import Axis, Constant, Elementwise, Gather, Input, Node, Program, Put, Ref, moved
from derive.code.python.numpy.body import Body


@dataclass
class ModerateBody(Body):
    """Writes the statements of one program for moderate exponents; `before` are lines that are right for all exponents."""

    before: list[str] = field(default_factory=list)
    _flat: dict[str, str] = field(default_factory=dict)
    _at: dict[str, str] = field(default_factory=dict)

    def _assign(self, place: int, text: str) -> None:
        """Exponentials of which entries are replaced are laid out row by row, so that they have a flat view."""
        node = self.program.nodes[place]
        if not isinstance(node, Elementwise) or not self._has_flat_view(place, node):
            super()._assign(place, text)
            return
        names = tuple(axis.name for axis in node.axes)
        super()._assign(place, self.library.call("exp", self._operand(node.operands[0], names).text, 'order="C"'))
        name = self._names[place]
        self._flat[name] = self._fresh("flat")
        self.lines.append(f"{self._flat[name]} = {name}.ravel()")

    def _has_flat_view(self, place: int, node: Elementwise) -> bool:
        """Whether the node has the shape of an argument, and entries at labels that are read or replaced."""
        users = [self.program.nodes[user] for user in self.plan.users[place]]
        return (
            node.op == "exp"
            and bool(self._of_axes(node.axes))
            and any(
                isinstance(user, Put | Gather)
                and self.plan.by_row(user)
                and isinstance(user.index, Ref)
                and isinstance(self.program.nodes[user.index.node], Input)
                for user in users
            )
        )

    def _entry(self, array: str, index: Ref) -> str:
        labels = self.program.nodes[index.node]
        if array not in self._flat or not isinstance(labels, Input):
            return super()._entry(array, index)
        if labels.name not in self._at:
            self._at[labels.name] = self._fresh("at")
            model = next(
                node.name
                for node in self.program.inputs
                if [axis.size for axis in node.axes] == [labels.axes[0].size, labels.below]
            )
            where = self.library.call("arange", self._length(labels.axes[0].size))
            self.before.append(f"{self._at[labels.name]} = np.ravel_multi_index(({where}, {labels.name}), {model}.shape)")
        return f"{self._flat[array]}[{self._at[labels.name]}]"


def with_inverses(program: Program) -> Program:
    """The program in which arrays are multiplied by the inverses of sums of moderate exponentials, not divided by these."""
    nodes: list[Node] = []
    places: dict[int, int] = {}
    for place, node in enumerate(program.nodes):
        new = moved(node, places)
        if isinstance(node, Elementwise) and isinstance(new, Elementwise) and _is_by_sum(program, node):
            above, below = new.operands
            axes = tuple(Axis(axis.name, axis.size) for axis in new.axes if axis.name in below.axes)
            nodes.append(Constant(Fraction(1)))
            one = Ref(len(nodes) - 1, ())
            nodes.append(Elementwise("div", (one, below), axes))
            new = replace(new, op="mul", operands=(above, Ref(len(nodes) - 1, below.axes)))
        nodes.append(new)
        places[place] = len(nodes) - 1
    outputs = tuple(replace(o, ref=Ref(places[o.ref.node], o.ref.axes)) for o in program.outputs)
    return Program(tuple(nodes), outputs, tuple((places[place], name) for place, name in program.hints))


def _is_by_sum(program: Program, node: Elementwise) -> bool:
    """Whether the node is an array divided by sums of exponentials, of which there are fewer."""
    if node.op != "div":
        return False
    above, below = node.operands
    return 0 < len(below.axes) < len(above.axes) and is_sum(program, below.node)
