"""The graph of a product under sums: its indices are nodes, what has one of them is a mark there, what has two an edge.

It is series-parallel where it can be written with matrices: a node that is summed over and has one edge is a matrix times a
column, one with two edges a product of matrices, parallel edges are a product entry by entry, marks on the way a diagonal.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import reduce

from sympy import Expr, Integer, Symbol

from derive.writing.raising import shaped
from derive.writing.raising.building import entrywise, times, transposed
from derive.writing.raising.shaped import Shaped, cost


class NotRaised(Exception):
    """There is no matrix notation for a term."""


@dataclass(frozen=True)
class Edge:
    """A matrix whose rows belong to the node `start` and whose columns belong to `end`."""

    start: Symbol
    end: Symbol
    of: Shaped

    def away_from(self, node: Symbol) -> tuple[Symbol, Shaped]:
        """The node at the other end, and the matrix with the rows of `node`."""
        return (self.end, self.of) if self.start == node else (self.start, transposed(self.of))


@dataclass
class Graph:
    """What is multiplied; `bound` are the nodes that are summed over, each with its range."""

    bound: dict[Symbol, tuple[Expr, Expr]]
    edges: list[Edge] = field(default_factory=list)
    marks: dict[Symbol, list[Shaped]] = field(default_factory=dict)
    numbers: list[Shaped] = field(default_factory=list)

    def mark(self, node: Symbol, of: Shaped) -> None:
        """Multiply by a column that belongs to a node."""
        self.marks.setdefault(node, []).append(of)

    def connect(self, start: Symbol, end: Symbol, of: Shaped) -> None:
        """Multiply by a matrix between two nodes; one between a node and itself is its diagonal."""
        if start == end:
            self.mark(start, shaped.Diagonal(of))
        else:
            self.edges.append(Edge(start, end, of))

    def reduced(self) -> None:
        """Sum over all bound nodes; raises :class:`NotRaised` where that is no series-parallel reduction."""
        waiting = sorted(self.bound, key=lambda node: node.name)
        while waiting:
            node = min(waiting, key=self._degree)
            if self._degree(node) > 2 and not self._merged(node):
                raise NotRaised
            if self._degree(node) > 2:
                continue
            self._eliminate(node)
            waiting = [other for other in waiting if other != node and other in self.bound]

    def _at(self, node: Symbol) -> list[Edge]:
        return [edge for edge in self.edges if node in (edge.start, edge.end)]

    def _degree(self, node: Symbol) -> int:
        return len(self._at(node))

    def _merged(self, node: Symbol) -> bool:
        """Whether two edges lay side by side at a node; they are one then."""
        for first in self._at(node):
            there, _ = first.away_from(node)
            beside = [edge for edge in self._at(node) if edge is not first and edge.away_from(node)[0] == there]
            if beside:
                both = entrywise([first.away_from(node)[1], beside[0].away_from(node)[1]])
                self.edges = [edge for edge in self.edges if edge is not first and edge is not beside[0]]
                self.edges.append(Edge(node, there, both))
                return True
        return False

    def _eliminate(self, node: Symbol) -> None:
        """Sum over a node with at most two edges."""
        edges, marks = self._at(node), self.marks.pop(node, [])
        self.edges = [edge for edge in self.edges if edge not in edges]
        if not edges:
            self.numbers.append(self._alone(node, marks))
        elif len(edges) == 1:
            there, matrix = edges[0].away_from(node)
            column = entrywise(marks) if marks else shaped.Ones()
            self.mark(there, times(transposed(matrix), column))
        else:
            (first, left), (second, right) = (edge.away_from(node) for edge in edges)
            diagonal: list[Shaped] = [shaped.Diagonal(entrywise(marks))] if marks else []
            if first == second:
                self._closed(first, left, right, diagonal, marks)
            else:
                self.edges.append(Edge(first, second, times(transposed(left), *diagonal, right)))

    def _closed(self, there: Symbol, left: Shaped, right: Shaped, diagonal: list[Shaped], marks: list[Shaped]) -> None:
        """Two edges between the same nodes: a trace where nothing else is at the other one, else a product entry by entry."""
        if there in self.bound and not self._at(there) and not self.marks.get(there):
            same = left == right and not diagonal
            trace = shaped.Power(shaped.Norm(left), Integer(2)) if same else None
            around = times(transposed(left), *diagonal, right)
            self.numbers.append(trace or shaped.Trace(min(around, transposed(around), key=cost)))
            del self.bound[there]
            return
        column = entrywise(marks) if marks else shaped.Ones()
        self.mark(there, times(transposed(entrywise([left, right])), column))

    def _alone(self, node: Symbol, marks: Sequence[Shaped]) -> Shaped:
        """The sum over a node without edges."""
        low, high = self.bound[node]
        if not marks:
            return shaped.Number(high - low + 1)
        if len(marks) == 1:
            only = marks[0]
            diagonal = isinstance(only, shaped.Diagonal) and only.axes == shaped.COLUMN
            return shaped.Trace(only.of) if isinstance(only, shaped.Diagonal) and diagonal else inner(shaped.Ones(), only)
        *first, last = sorted(marks, key=cost)
        return inner(entrywise(first), last)


def inner(left: Shaped, right: Shaped) -> Shaped:
    """The inner product of two columns, the way round that needs fewer signs; the square of a norm of one with itself."""
    if left == right:
        return shaped.Power(shaped.Norm(left), Integer(2))
    ways = [times(transposed(left), right), times(transposed(right), left)]
    return min(ways, key=cost)


def assembled(graph: Graph, row: Symbol | None, column: Symbol | None) -> Shaped:
    """What a reduced graph says at its open nodes."""
    down = graph.marks.get(row, []) if row is not None else []
    across = graph.marks.get(column, []) if column is not None else []
    if row is None:
        return times(*graph.numbers)
    if column is None:
        return times(*graph.numbers, entrywise(down) if down else shaped.Ones())
    matrices = [edge.away_from(row)[1] for edge in graph.edges]
    if not matrices:
        left, right = (entrywise(marks) if marks else shaped.Ones() for marks in (down, across))
        return times(*graph.numbers, left, transposed(right))
    if any(isinstance(matrix, shaped.Identity) for matrix in matrices):
        rest = [shaped.Diagonal(matrix) for matrix in matrices if not isinstance(matrix, shaped.Identity)]
        on = [*rest, *down, *across]
        return times(*graph.numbers, shaped.Diagonal(entrywise(on)) if on else shaped.Identity())
    matrix = reduce(lambda one, other: entrywise([one, other]), matrices)
    before, after = ([shaped.Diagonal(entrywise(marks))] if marks else [] for marks in (down, across))
    return times(*graph.numbers, *before, matrix, *after)
