"""Which nodes of a program become statements of their own, in which order, and when an array is needed no more."""

from __future__ import annotations

from derive.code.arrays.program import (
    BATCH,
    Constant,
    Elementwise,
    Gather,
    Identity,
    Input,
    Length,
    Node,
    Places,
    Program,
    Put,
    Reduce,
    Ref,
    operands_of,
)

IN_PLACE = {"add": "add", "sub": "subtract", "mul": "multiply", "div": "divide", "exp": "exp", "neg": "negative"}


class Plan:
    """Questions about one program that is to be written as statements."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.hints = dict(program.hints)
        self.uses = program.uses()
        self.users: dict[int, list[int]] = {place: [] for place in self.uses}
        for place, node in enumerate(program.nodes):
            for ref in operands_of(node):
                self.users[ref.node].append(place)
        self.results = {output.ref.node for output in program.outputs}

    def order(self) -> list[int]:
        """The nodes that become statements; an entry is read before it is overwritten in passing."""
        places = [place for place in range(len(self.program.nodes)) if self.is_statement(place)]
        for place in list(places):
            node = self.program.nodes[place]
            if isinstance(node, Reduce) and self.masked(node) is not None:
                kept = self.gather_like(node)
                if kept is not None and kept in places and places.index(kept) > places.index(place):
                    places.remove(kept)
                    places.insert(places.index(place), kept)
        return places

    def is_statement(self, place: int) -> bool:
        node = self.program.nodes[place]
        if isinstance(node, Input | Constant | Length | Identity | Places):
            return False
        if isinstance(node, Put):
            return not self.in_passing(place)
        if isinstance(node, Reduce) and self.masked(node) is not None:
            return True
        if self.uses[place] > 1:
            return True
        if isinstance(node, Reduce | Gather) and place in self.hints and place not in self.results:
            return True
        if self.is_large(node) and isinstance(node, Elementwise):
            user = self.only_user(place)
            if isinstance(user, Elementwise) and user.op == "exp":
                return len(node.operands) > 1
            return (
                node.op == "exp"
                or isinstance(user, Put)
                or node.op in IN_PLACE
                and any(self.can_overwrite(ref, place, node) for ref in node.operands)
            )
        return False

    def can_overwrite(self, ref: Ref, place: int, node: Elementwise) -> bool:
        """Whether the operand is an array of its own that only this node and nodes before it read."""
        other = self.program.nodes[ref.node]
        return (
            isinstance(other, Elementwise)
            and ref.axes == tuple(axis.name for axis in node.axes)
            and self.is_statement(ref.node)
            and self.is_dead(ref.node, place)
        )

    def only_user(self, place: int) -> Node | None:
        users = self.users[place]
        return self.program.nodes[users[0]] if len(users) == 1 and place not in self.results else None

    def is_large(self, node: Node) -> bool:
        return any(axis.size != BATCH for axis in node.axes)

    def in_passing(self, place: int) -> bool:
        """Whether the node only leaves entries out of the sum that is its one user."""
        user = self.only_user(place)
        return isinstance(user, Reduce) and self.masked(user) is not None

    def masked(self, node: Reduce) -> Put | None:
        """What the reduction sums up, if that is an array with an entry of each row put to 0."""
        put = self.program.nodes[node.operand.node]
        if not isinstance(put, Put) or self.uses[node.operand.node] != 1 or node.op != "sum":
            return None
        value = self.program.nodes[put.value.node]
        return put if isinstance(value, Constant) and value.value == 0 and self.by_row(put) else None

    def by_row(self, node: Put | Gather) -> bool:
        """Whether an entry of each row is meant: the axes are the batch and one more."""
        names = node.operand.axes
        return isinstance(node.index, Ref) and names == (BATCH, node.axis) and node.index.axes == (BATCH,)

    def is_replaced(self, put: Put, place: int) -> bool:
        """Whether, behind the statement of `place`, the entry of the array that was put to 0 is only replaced."""
        reader = self.gather_like(self.program.nodes[place])
        before = {reader} if reader is not None and self.is_statement(reader) else set()
        later = [user for user in self.users[put.operand.node] if user not in before and self.statement_of(user, place) > place]
        user = self.program.nodes[later[0]] if len(later) == 1 else None
        if not isinstance(user, Elementwise) or [ref.node for ref in user.operands].count(put.operand.node) != 1:
            return False
        end = self.only_user(later[0])
        return isinstance(end, Put) and self.by_row(end) and end.index == put.index and end.operand.node == later[0]

    def gather_like(self, node: Node) -> int | None:
        """The node that reads the entry that the reduction leaves out; its statement comes first, if it is one."""
        put = self.masked(node) if isinstance(node, Reduce) else None
        for place, other in enumerate(self.program.nodes):
            if put is not None and isinstance(other, Gather):
                if (other.operand, other.axis, other.index) == (put.operand, put.axis, put.index):
                    return place
        return None

    def is_dead(self, place: int, at: int) -> bool:
        """Whether nothing behind the statement of `at` reads the array, and it is no result."""
        return place not in self.results and all(self.statement_of(user, at) <= at for user in self.users[place])

    def statement_of(self, place: int, at: int) -> int:
        """The last statement in which the value of the node is needed; `at` is one itself."""
        node = self.program.nodes[place]
        named = isinstance(node, Reduce | Gather) and place in self.hints and place not in self.results
        if (
            place == at
            or self.uses[place] > 1
            or named
            or isinstance(node, Put)
            or (isinstance(node, Elementwise) and node.op == "exp")
        ):
            return place
        users = self.users[place]
        if place in self.results or not users:
            return len(self.program.nodes)
        return max(self.statement_of(user, at) for user in users)
