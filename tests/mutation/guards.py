"""The guards of a module, and the module without one of them.

A guard is an ``if`` whose body ends with ``raise``, ``return``, ``continue`` or ``break``: it keeps something from what comes
after it. Deleting one means that its condition never holds.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

EXITS = ast.Raise | ast.Return | ast.Continue | ast.Break


@dataclass(frozen=True)
class Guard:
    """One guard: the function it stands in, ``Class.method`` or ``function``, its line in the module and in the function, its
    text, that of the function, and the module's source without it."""

    qualified: str
    line: int
    place: str
    text: str
    function: str
    without: str


def guards(source: str) -> list[Guard]:
    """The guards in the functions of a module, in order.

    >>> [g.text for g in guards("def f(x):\\n    if x < 0:\\n        raise ValueError\\n    return x")]
    ['if x < 0: raise ValueError']
    """
    tree = ast.parse(source)
    found = []
    for qualified, function, node in _found(tree):
        condition, node.test = node.test, ast.copy_location(ast.Constant(False), node.test)
        without = ast.unparse(tree)
        node.test = condition
        place = f"line {node.lineno - function.lineno}"
        found.append(Guard(qualified, node.lineno, place, _text(node), ast.unparse(function), without))
    return sorted(found, key=lambda guard: guard.line)


def texts(source: str) -> set[str]:
    """The texts of the guards alone, which takes less time."""
    return {_text(node) for _, _, node in _found(ast.parse(source))}


def _found(tree: ast.Module) -> Iterator[tuple[str, ast.FunctionDef, ast.If]]:
    for qualified, function in _functions(tree):
        for node in ast.walk(function):
            if isinstance(node, ast.If) and isinstance(node.body[-1], EXITS):
                yield qualified, function, node


def _text(node: ast.If) -> str:
    return f"if {ast.unparse(node.test)}: {'; '.join(ast.unparse(part).splitlines()[0] for part in node.body)}"


def _functions(tree: ast.Module) -> Iterator[tuple[str, ast.FunctionDef]]:
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            yield node.name, node
        elif isinstance(node, ast.ClassDef):
            for part in node.body:
                if isinstance(part, ast.FunctionDef):
                    yield f"{node.name}.{part.name}", part
