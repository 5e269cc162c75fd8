"""Opening files: what is refused, and how that is said."""

import io

import pytest

from derive.documents import DocumentError, below, library, read


def refusal(path):
    with pytest.raises(DocumentError) as caught:
        read(path)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_missing_file(tmp_path):
    path = tmp_path / "no.md"
    assert refusal(path) == f"{path}: cannot be opened: No such file or directory"


def test_folder(tmp_path):
    path = tmp_path / "a.md"
    path.mkdir()
    assert refusal(path) == f"{path}: cannot be opened: it is a folder"


def test_suffix(tmp_path):
    path = tmp_path / "a.docx"
    path.write_bytes(b"x")
    assert "cannot be read: .docx is none of .md .markdown .tex" in refusal(path)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"\xff\xd8\xff\xe0", "not UTF-8 text (line 1)"),
        ("a\ncaf\u00e9".encode("latin-1"), "not UTF-8 text (line 2)"),
        ("Załóżmy, że $x > 0$, ponieważ funkcja jest ciągła.".encode("iso8859-2"), "not UTF-8 text (line 1)"),
        (b"a\0b", "a binary file"),
        (b"\xff\xfea", "not UTF-16 text (line 1)"),
    ],
)
def test_not_text(tmp_path, data, reason):
    path = tmp_path / "a.md"
    path.write_bytes(data)
    assert refusal(path).startswith(f"{path}: cannot be read: {reason}")


SIMPLIFIED = "若 $i \\ne j$，则损失函数对权重的梯度很简单，因此 $a=b$。\n"
TRADITIONAL = "設 $a_i$ 為機率，因此損失函數對權重的梯度很簡單，即 $a=b$。\n"
FRENCH = "Soit $f(x) = x^2$ une fonction dérivable. Alors sa dérivée est donnée à gauche, d'où le théorème élémentaire.\n"
GERMAN = "Für alle $x$ gilt die Gleichung $x^2 \\ge 0$, weil Quadrate größer gleich null sind. Damit läßt sich viel zeigen.\n"


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (SIMPLIFIED, "gbk"),
        (SIMPLIFIED, "gb18030"),
        (TRADITIONAL, "big5"),
        (FRENCH, "latin-1"),
        (GERMAN, "cp1252"),
        (SIMPLIFIED, "utf-16-le"),
        (TRADITIONAL, "utf-16-be"),
        ("Let $x > 0$. Then $x + x = 2x$.\n", "utf-16-le"),
    ],
)
def test_an_encoding_that_the_detector_is_sure_of(tmp_path, text, encoding):
    path = tmp_path / "a.md"
    path.write_bytes(text.encode(encoding))
    document = read(path)
    assert document.source.text == text
    assert [note.line for note in document.notes] == [1]


def test_utf_8_is_never_guessed(tmp_path):
    path = tmp_path / "a.md"
    path.write_text(SIMPLIFIED + FRENCH, encoding="utf-8")
    assert read(path).notes == ()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_text_with_and_without_a_mark(tmp_path, encoding):
    path = tmp_path / "a.md"
    path.write_bytes("因为 $a=b$\r\n".encode(encoding))
    (formula,) = read(path).formulas
    assert (formula.latex, formula.line, formula.column) == ("a=b", 1, 5)


@pytest.mark.parametrize("suffix", ["md", "markdown", "tex", "txt", "ipynb", "html"])
def test_empty_file_has_no_blocks(tmp_path, suffix):
    path = tmp_path / f"a.{suffix}"
    path.write_bytes(b"")
    assert read(path).blocks == ()


def test_standard_input(monkeypatch):
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"so $a=b$")))
    document = read("-")
    assert document.path == "-"
    assert [formula.latex for formula in document.formulas] == ["a=b"]


def test_documents_below_a_folder(tmp_path):
    for name in ("b.md", "a.txt", "sub/c.tex", ".hidden/d.md", "e.py"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x")
    assert [path.relative_to(tmp_path).as_posix() for path in below(tmp_path)] == ["a.txt", "b.md", "sub/c.tex"]


def test_library(tmp_path, monkeypatch):
    (tmp_path / "chain-rule.md").write_text("$a=b$")
    monkeypatch.setattr(library, "folder", lambda: tmp_path)
    assert library.find("chain-rule") == tmp_path / "chain-rule.md"
    with pytest.raises(DocumentError) as caught:
        library.find("nothing")
    assert str(caught.value) == (
        "nothing: cannot be opened: no such file, and no such proof in the library (known: chain-rule)"
    )


def test_a_document_cannot_be_changed():
    document = read("a.md", "so $a=b$")
    with pytest.raises(AttributeError):
        document.blocks[0].paragraph = 3
    assert isinstance(document.blocks, tuple)
