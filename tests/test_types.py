"""What the package exports has types in a project that uses it: a use is accepted by mypy, a wrong one is not."""

import ast
import importlib
import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
USE = """
from pathlib import Path

import derive

report = derive.check("$x + x = 2x$", given=["x > 0"])
verdicts: list[str] = [claim.verdict for claim in report.claims]
line: int = derive.check(Path("notes.md")).claims[0].line
steps = derive.prove("$x + x = ?$")
source: str = derive.compile("$$f = x^2$$").source
accuracy: float = derive.train("digits", "mlp", hidden=(32,)).accuracy
setting: derive.Setting = derive.Setting()
version: str = derive.__version__
"""


# What only an object has: no class does.
INSTANCE = ("p", "q", "name", "rel_op")


# Each with the kind of error that mypy must tell.
MISUSES = (
    ("derive.check(1)", "arg-type"),
    ("derive.check('').claims[0].verdikt", "attr-defined"),
    ("derive.nothing", "attr-defined"),
    ("derive.Setting().decide(line, line, '=>')", "arg-type"),
    ("number: int = derive.check('').claims[0].verdict", "assignment"),
)


@pytest.mark.slow
@pytest.mark.skipif(importlib.util.find_spec("mypy") is None, reason="needs mypy")
def test_a_project_that_uses_the_package_is_checked(tmp_path):
    (tmp_path / "use.py").write_text(USE + "".join(f"{line}\n" for line, _ in MISUSES))
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--follow-imports=silent", "--cache-dir", str(tmp_path / "cache"), "use.py"],
        cwd=tmp_path,
        env={**os.environ, "MYPYPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=500,
    )
    first = 1 + USE.count("\n")
    found = [
        (int(line.split(":")[1]), line.rpartition("[")[2].rstrip("]"))
        for line in done.stdout.splitlines()
        if ": error:" in line
    ]
    assert found == [(first + number, kind) for number, (_, kind) in enumerate(MISUSES)], done.stdout


def stubbed():
    """Each class that the stubs of SymPy have, with its bases and what is in it."""
    for path in sorted((ROOT / "tests" / "stubs").rglob("*.pyi")):
        module = ".".join(path.relative_to(ROOT / "tests" / "stubs").with_suffix("").parts).removesuffix(".__init__")
        for node in ast.parse(path.read_text()).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                names = [each.name for each in node.body if isinstance(each, ast.FunctionDef)]
                names += [each.target.id for each in node.body if isinstance(each, ast.AnnAssign)]
                yield module, node.name, [ast.unparse(base) for base in node.bases], names


@pytest.mark.parametrize(("module", "name", "bases", "names"), list(stubbed()), ids=lambda value: str(value)[:20])
def test_the_stubs_say_of_sympy_what_it_has(module, name, bases, names):
    found = named(module, name)
    assert all(issubclass(found, named(module, base)) for base in bases)
    assert [each for each in names if each not in INSTANCE and not hasattr(found, each)] == []


def named(module, name):
    """The class of that name: at its module, or wherever SymPy keeps it."""
    for place in (
        module,
        "sympy",
        "sympy.core.symbol",
        "sympy.logic.boolalg",
        "sympy.functions.elementary.piecewise",
        "sympy.functions.elementary.trigonometric",
        "builtins",
    ):
        known = getattr(importlib.import_module(place), name, None)
        if known is not None:
            return known
    raise AssertionError(f"SymPy has no {name}")


def test_a_name_that_sympy_lacks_is_told():
    with pytest.raises(AssertionError):
        named("sympy", "Summ")
