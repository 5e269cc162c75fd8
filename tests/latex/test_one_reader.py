"""No regular expression reads a formula's LaTeX outside of the tokens; what still does is listed with its reason."""

import ast
import re

import pytest

from tests.sources import PACKAGE, named

TOKENS = "latex/tokens/"
COMMAND = re.compile(r"\\\\(?:\w|\(|\[|\{)")
"""In a pattern: a backslash that is meant, and what begins a command behind it."""
ALLOWED = {
    "documents/": "finds formulas in files: it reads the marks around them, and the definitions of macros",
    "writing/": "reads what it wrote itself",
    "code/names.py": "turns a name as it is written into an identifier",
    "narrative/names/declarations.py": "front matter is a language of its own, with names and ranges in it",
    "report/check/html/": "shows a document as it is written: what a page cannot show is dropped, and no verdict rests on it",
    "report/web/": "the same for formulas",
    "narrative/words/": "conditions in plain words and marks of theorems",
}
FUNCTIONS = ("compile", "search", "match", "fullmatch", "findall", "finditer", "split", "sub", "subn")


def patterns(tree):
    """Line and text of what is given to functions of `re`, and of the constants of the module that it is made of."""
    constants = {}
    for node in tree.body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            constants[node.targets[0].id] = node.value
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in FUNCTIONS
            and isinstance(node.func.value, ast.Name)
            and node.func.value.id == "re"
            and node.args
        ):
            yield node.lineno, "".join(texts(node.args[0], constants, 0))


def texts(node, constants, depth):
    for part in ast.walk(node):
        if isinstance(part, ast.Constant) and isinstance(part.value, str):
            yield part.value
        elif isinstance(part, ast.Name) and part.id in constants and depth < 6:
            yield from texts(constants[part.id], constants, depth + 1)


def readers(path, tree):
    if path.startswith(TOKENS) or any(path.startswith(allowed) for allowed in ALLOWED):
        return []
    return [f"{path}:{line}" for line, pattern in patterns(tree) if COMMAND.search(pattern)]


def test_only_tokens_read_latex_by_patterns():
    assert [line for path, tree in named().items() for line in readers(path, tree)] == []


@pytest.mark.parametrize(
    "code",
    [
        'import re\nre.search(r"\\\\sum_", text)',
        'import re\n_SUM = re.compile(r"\\\\(?:sum|prod)")',
        'import re\n_NAME = r"\\\\[A-Za-z]+"\ndef f():\n    return re.compile(rf"{_NAME}_")',
        'import re\n_A = "\\\\\\\\frac"\n_B = _A + "x"\n_C = re.compile(_B)',
    ],
)
def test_a_planted_reader_is_found(code):
    assert len(readers("latex/symbols/observe.py", ast.parse(code))) == 1
    assert readers("latex/tokens/lexer.py", ast.parse(code)) == []


@pytest.mark.parametrize("code", ['import re\nre.search(r"\\w+\\.", text)', 'import re\nre.split(r"(\\d+)", name)'])
def test_a_pattern_on_words_is_none(code):
    assert readers("latex/symbols/observe.py", ast.parse(code)) == []


def test_every_exception_is_there():
    assert [allowed for allowed in ALLOWED if not (PACKAGE / allowed).exists()] == []
