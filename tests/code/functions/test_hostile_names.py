"""Names, titles and file names of a document stay names and text in every target: nothing of them is ever run."""

import ast
import keyword
import re
from functools import cache

import numpy as np
import pytest

from derive.code import targets
from derive.code.c.build import CompilerMissing, require
from derive.code.c.call import Compiled
from derive.code.loading import load
from derive.code.names import RESERVED, identifier
from derive.documents import load as load_document
from derive.jobs.compile import NothingToCompile, compile_document
from derive.jobs.compile import compile as compiled
from derive.jobs.limits import Limits

TARGETS = ("numpy", "torch", "jax")
NAMES = [
    "lambda",
    "import",
    "class",
    "None",
    "print",
    "len",
    "np",
    "torch",
    "jnp",
    "jax",
    "shift",
    "Array",
    "rows",
    "kept",
    "bool",
    "math",
    "labels",
    "tuple",
    "float",
    "int",
    "double",
    "row",
    "batch",
    "total",
    "loss",
    "gradient",
    "return",
    "takes",
    "fitted",
    "wraps",
    "Call",
]
UNREAD = ["__import__", "x; import os", "a b", "a.b", "f(x)", "os.system", "loss_and_gradient", 'a"b', "a'''b", "a\nb"]
TITLES = [
    '"""',
    "'''",
    '""" + __import__("os").getcwd() + r"""',
    "\\",
    'ends with "',
    "*/ int main(void) { return 1; } /*",
    "??/",
    ">>> 1 / 0",
    "a\x00b",
    "\\N{DASH}",
    "{0.__class__}",
    "%s %(x)s",
    "one\nimport os",
]


def functions_in(tree):
    """What is defined beside the functions that every module has, whose names no document can take."""
    found = {node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    return found - {"takes", "fitted", "are_places", "axes_of", "or_distribution"}


SHAPE = re.compile(r"(\.\.\.|\w+)?( \w+)*( ?< \w+)?")


def harmless(decorator):
    """Whether a decorator is one of those that are written, and the shapes in it are names of axes."""
    if isinstance(decorator, ast.Call) and ast.unparse(decorator.func) == "takes":
        return all(isinstance(shape, ast.Constant) and SHAPE.fullmatch(shape.value) for shape in decorator.args)
    if isinstance(decorator, ast.Call) and ast.unparse(decorator.func) == "or_distribution":
        function, *words, number = decorator.args
        named = all(isinstance(word, ast.Constant) and word.value.isidentifier() for word in words)
        return isinstance(function, ast.Name) and named and isinstance(number.value, int)
    rules = [f"partial({name}.defjvp, symbolic_zeros=True)" for name in ("loss", "hard_loss", "soft_loss")]
    return ast.unparse(decorator) in ("staticmethod", "jax.custom_jvp", *rules)


def plain(tree):
    """What a module does when it is imported, apart from defining: imports and type aliases, nothing else."""
    allowed = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.ClassDef)
    for node in tree.body:
        is_alias = isinstance(node, ast.Assign) and node.targets[0].id in ("Array", "Indices")
        is_type = isinstance(node, ast.Assign) and ast.unparse(node) == "Call = TypeVar('Call', bound=Callable[..., Any])"
        is_text = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        if not (isinstance(node, allowed) or is_alias or is_type or is_text):
            return False
        if not all(map(harmless, getattr(node, "decorator_list", []))):
            return False
    imported = {
        alias.name.split(".")[0] if isinstance(node, ast.Import) else node.module.split(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }
    return imported <= {"numpy", "torch", "jax", "math", "collections", "functools", "inspect", "typing"}


def value(module, target, name, number):
    if target == "numpy":
        return float(getattr(module, name)(np.array(number)))
    if target == "torch":
        torch = pytest.importorskip("torch", reason="needs torch")
        return float(getattr(module, name)(torch.tensor(number)))
    jax = pytest.importorskip("jax", reason="needs jax")
    return float(getattr(module, name)(jax.numpy.asarray(number)))


@cache
def all_compiled(*formulas):
    """The functions of one document with these formulas: compiled together, which is quicker."""
    document = load_document("names.md", "".join(f"$${formula}$$\n\n" for formula in formulas))
    return compile_document(document, limits=Limits(seconds=300)).functions


@pytest.mark.parametrize("name", NAMES)
def test_an_argument_may_have_any_name(name):
    found = all_compiled(*(rf"\text{{of{each}}} = \text{{{each}}}^2 + e^{{-\text{{{each}}}}}" for each in NAMES))
    assert len(found) == len(NAMES)
    functions = [function for function in found if function.name == f"of{name}"]
    (argument,) = functions[0].arguments
    assert argument.name.isidentifier() and not keyword.iskeyword(argument.name) and argument.name not in RESERVED
    for target in TARGETS:
        pytest.importorskip(target, reason=f"needs {target}")
        source = targets.TARGETS[target].written(functions, "title", "source")
        assert plain(ast.parse(source)) and functions_in(ast.parse(source)) == {f"of{name}"}
        assert value(load(source), target, f"of{name}", 2.0) == pytest.approx(4 + np.exp(-2), rel=1e-6)


@pytest.mark.parametrize("name", NAMES)
def test_a_function_may_have_any_name(name):
    found = all_compiled(*(rf"\text{{{each}}} = x^2" for each in NAMES))
    assert [function.name for function in found] == [identifier(each) for each in NAMES]
    functions = [found[NAMES.index(name)]]
    for target in TARGETS:
        pytest.importorskip(target, reason=f"needs {target}")
        source = targets.TARGETS[target].written(functions, "title", "source")
        assert plain(ast.parse(source)) and functions_in(ast.parse(source)) == {identifier(name)}
        assert value(load(source), target, identifier(name), 3.0) == 9


@pytest.mark.parametrize("name", ["int", "double", "row", "batch", "return", "restrict", "total", "main", "float", "static"])
def test_names_that_mean_something_in_c(name):
    try:
        require()
    except CompilerMissing:
        pytest.skip("no C compiler")
    function = compiled(f"$$g = \\text{{{name}}}^2 + 1$$\n").functions[0]
    assert Compiled(function)(np.array([3.0])).tolist() == [10.0]


@pytest.mark.parametrize("target", [*TARGETS, "c"])
@pytest.mark.parametrize("title", TITLES)
def test_a_title_stays_text(title, target):
    functions = all_compiled("a = x^2")
    if target != "c":
        pytest.importorskip(target, reason=f"needs {target}")
    source = targets.TARGETS[target].written(functions, title, title)
    if target == "c":
        comment = source[: source.index("*/")]
        assert "int main" not in source.replace(comment, "") and "??/" not in source
        return
    tree = ast.parse(source)
    assert plain(tree) and functions_in(tree) == {"a"} and ">>> 1 / 0" not in ast.get_docstring(tree)


def test_the_check_itself_finds_what_is_run():
    """The twin: a title that is written as it is would be run."""
    source = 'r"""TITLE."""\nimport numpy as np\ndef a(x):\n    return x\n'
    assert plain(ast.parse(source))
    assert not plain(ast.parse(source.replace("TITLE", TITLES[2])))
    assert not plain(ast.parse(source + "import os\n")) and not plain(ast.parse(source + "print(1)\n"))


def test_unicode_names_become_identifiers_and_are_told_apart():
    assert identifier("α") == "x" and identifier("β", {"x"}) == "x_2"
    assert identifier("na\u202eme") == "na_me" and identifier("ﬁ") == "x"


@pytest.mark.parametrize("name", UNREAD)
def test_what_is_no_name_is_never_a_function_or_an_argument(name):
    assert identifier(name).isidentifier() and not keyword.iskeyword(identifier(name))
    for text in (f"$$\\text{{{name}}} = x^2$$\n", f"$$g = \\text{{{name}}}^2$$\n"):
        try:
            source = compiled(text).source
        except NothingToCompile:
            continue
        tree = ast.parse(source)
        assert plain(tree) and not {"os", "__import__"} & {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
