"""What a document calls its quantities stays a name: in no output does it become a tag, a command, a key or a statement."""

from __future__ import annotations

import ast
import importlib
import json
import re
from html.parser import HTMLParser

import pytest

cli = importlib.import_module("derive.cli")
NAMES = [
    "<script>alert(1)</script>",
    "</code></pre><img src=x onerror=alert(1)>",
    '"><svg onload=alert(1)>',
    "\\input{/etc/passwd}",
    "\\immediate\\write18{touch x}",
    "'\"; import os; os.system('x')",
    '""" + __import__("os").system("x") + """',
    "*/ int main() { system(0); } /*",
    "]]>",
    "&lt;script&gt;",
    "\x1b[31mred\x1b]0;title\x07",
    "\u202edesrever\u2066",
    "a|b|c",
    "`x`",
    "[x](javascript:alert(1))",
    "![x](http://x.example/y.png)",
    "a\nb",
    "---\nderive:\n  assume: x = 1\n---",
    "{{7*7}}",
    "%s%n",
    "\\end{align*}",
    "\u2028\u2029\ufeff",
    "x' OR 1=1",
    "\\catcode`\\%=12",
    "$$",
    "\\csname input\\endcsname",
    "-->",
    "<!-- -->",
    "#{x}",
]
UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]")
COMMAND = re.compile(r"\\(?:input|immediate|write|catcode|csname|def|endcsname|openout|include)\b")
OURS = {
    "!doctype",
    "html",
    "head",
    "meta",
    "title",
    "style",
    "body",
    "h1",
    "h2",
    "p",
    "label",
    "input",
    "section",
    "article",
    "a",
    "strong",
    "pre",
    "code",
    "table",
    "tr",
    "td",
    "script",
    "tbody",
    "span",
    *"header main nav section div ul ol li h3 h4 h5 h6 b i em br hr blockquote details summary button thead th".split(),
    *"math mrow mi mn mo mtext mspace mfrac msqrt mroot msub msup msubsup munder mover munderover mtable mtr mtd".split(),
    *"mstyle mpadded mphantom menclose".split(),
}


def document(name):
    """The name as a heading, as a quantity, in prose, in a declaration and in a formula that is not understood."""
    flat = " ".join(name.split())
    return (
        f"# {flat}\n\n<!-- derive: scalars: {flat} -->\n\nLet $$\\text{{{name}}} = x^2$$\n\nand $$b = x^3$$\n\n"
        f"The {flat} is $$\\frac{{d b}}{{d x}} = 3 x^2$$\n\n$$\\frac{{d b}}{{d x}} = ?$$\n\n"
        f"and $$\\operatorname{{{name}}}_i + {name} = 1$$\n"
    )


class Tags(HTMLParser):
    def __init__(self):
        super().__init__()
        self.found, self.handlers = [], []

    def handle_starttag(self, tag, attrs):
        self.found.append(tag)
        self.handlers += [key for key, value in attrs if key.startswith("on") or "javascript:" in (value or "")]


@pytest.fixture(params=range(0, len(NAMES), 5))
def path(request, tmp_path):
    """Five names in one document; a name that hides what follows it hides the rest of its own part only."""
    found = tmp_path / "notes.md"
    parts = [document(name) for name in NAMES[request.param : request.param + 5]]
    found.write_text("\n\n".join(parts), encoding="utf-8", newline="")
    return found


def output(capsys, *arguments):
    status = cli.run([str(argument) for argument in arguments])
    written = capsys.readouterr()
    assert status in (0, 1, 2), written.err
    assert "Traceback" not in written.err and not UNSEEN.search(written.err)
    assert status != 2 or written.err.count("\n") == 1
    return written.out


@pytest.mark.parametrize("command", ["check", "prove"])
def test_html(capsys, path, command):
    page = output(capsys, command, path, "--format", "html")
    tags = Tags()
    tags.feed(page)
    assert set(tags.found) <= OURS and tags.handlers == []
    assert tags.found.count("script") == (command == "check")
    assert not UNSEEN.search(page)


@pytest.mark.parametrize("command", ["check", "prove"])
def test_terminal(capsys, path, command):
    text = output(capsys, command, path)
    assert not UNSEEN.search(text)
    assert command != "check" or text.splitlines()[-1].endswith(" s")


@pytest.mark.parametrize("form", ["json", "sarif", "jsonl"])
def test_json(capsys, path, form):
    text = output(capsys, "check", path, "--format", form)
    lines = text.splitlines() if form == "jsonl" else [text]
    assert all(isinstance(json.loads(line), dict) for line in lines)
    if form == "json":
        assert set(json.loads(text)) == {"version", "documents", "summary"} | set(json.loads(text)) & {"disagreements"}


def test_markdown(capsys, path):
    text = output(capsys, "check", path, "--format", "markdown")
    assert not UNSEEN.search(text)
    rows = [line for line in text.splitlines() if line.startswith("| ") and not line.startswith("| place")]
    for row in rows:
        assert len(re.split(r"(?<!\\)\|", row)) == 6, row
    outside = re.sub(r"(?<!\\)(`+)(?!`).*?(?<!`)\1(?!`)", "", text)
    assert not re.search(r"(?<!\\)<[a-zA-Z/!]", outside) and not re.search(r"(?<!\\)\]\(", outside)


def test_latex(capsys, path):
    text = output(capsys, "prove", path, "--format", "latex")
    assert not COMMAND.search(text.replace("\\usepackage[utf8]{inputenc}", ""))
    assert text.count("\\begin{document}") == text.count("\\end{document}") == bool(text)
    assert text.count("\\begin{align*}") == text.count("\\end{align*}")
    assert not UNSEEN.search(text)


@pytest.mark.parametrize("target", ["numpy", "torch", "jax"])
def test_python_code(capsys, path, target):
    text = output(capsys, "code", path, "--target", target)
    tree = ast.parse(text)
    assert all(
        isinstance(
            node, ast.Import | ast.ImportFrom | ast.FunctionDef | ast.Expr | ast.Assign | ast.AnnAssign | ast.ClassDef | ast.If
        )
        for node in tree.body
    )
    called = {ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    assert not called & {"eval", "exec", "__import__", "os.system", "system", "alert"}
    assert "os" not in {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}


def test_c_code(capsys, path):
    text = output(capsys, "code", path, "--target", "c")
    bare = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    bare = re.sub(r'"(?:\\.|[^"\\])*"', '""', re.sub(r"//[^\n]*", "", bare))
    assert not re.search(r"\bsystem\s*\(|\bmain\s*\(", bare) or text.startswith('"""')
    if text.startswith('"""'):
        ast.parse(text)
    assert not UNSEEN.search(text)
