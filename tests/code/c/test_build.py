"""Libraries are built once, under a key of all that they depend on, and never with -ffast-math."""

import os

import pytest

from derive.code.c import build as c_build
from derive.code.c.build import FLAGS, WIDE, CompilationFailed, CompilerMissing, build, compiler, key, load, native_flags

FORBIDDEN = {"-ffast-math", "-Ofast", "-funsafe-math-optimizations", "-ffinite-math-only", "-fassociative-math"}


@pytest.fixture(autouse=True)
def own_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    try:
        compiler()
    except CompilerMissing:
        pytest.skip("no C compiler")
    return tmp_path


def test_the_flags():
    assert {"-fno-math-errno", "-fno-trapping-math", "-fno-signed-zeros", "-std=c99"} <= set(FLAGS)
    assert not FORBIDDEN & set(FLAGS)


def test_what_was_built_is_not_built_again(own_cache, monkeypatch):
    first = build("int one(void) { return 1; }")
    assert first.parent == own_cache / "derive"

    def refuse(*arguments, **options):
        raise AssertionError("the compiler was run")

    monkeypatch.setattr(c_build.subprocess, "run", refuse)
    assert build("int one(void) { return 1; }") == first
    with pytest.raises(AssertionError):
        build("int one(void) { return 2; }")


def test_the_key_depends_on_the_text_the_flags_and_the_compiler(tmp_path):
    path = compiler()
    other = tmp_path / "cc"
    other.write_text("#!/bin/sh\necho other\n")
    other.chmod(0o755)
    keys = {key("a", path, FLAGS), key("b", path, FLAGS), key("a", path, (*FLAGS, "-g")), key("a", str(other), FLAGS)}
    assert len(keys) == 4 and key("a", path, FLAGS) in keys


def test_nothing_but_the_library_is_left(own_cache):
    made = build("int one(void) { return 1; }")
    assert os.listdir(own_cache / "derive") == [made.name]


def test_what_the_compiler_refuses(own_cache):
    with pytest.raises(CompilationFailed, match="error"):
        build("int one(void) { return }")
    assert os.listdir(own_cache / "derive") == []


def test_a_missing_compiler_is_named_in_one_line(monkeypatch):
    monkeypatch.delenv("CC", raising=False)
    monkeypatch.setenv("PATH", "")
    with pytest.raises(CompilerMissing) as raised:
        build("int x;")
    assert str(raised.value) == "no C compiler: expected cc, gcc, clang on the path; NumPy is used instead"


def test_a_library_is_loaded():
    pytest.importorskip("cffi", reason="needs cffi")
    _, library = load("int twice(int x) { return 2 * x; }", ["int twice(int);"])
    assert library.twice(21) == 42


def test_a_folder_that_cannot_be_written_is_replaced(monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", "/dev/null")
    assert build("int one(void) { return 1; }").exists()


def test_vectors_of_64_bytes_come_with_loops_as_wide(monkeypatch):
    for width, flags in ((64, (*FLAGS, WIDE)), (32, FLAGS), (16, FLAGS)):
        monkeypatch.setattr(c_build, "vector_bytes", lambda width=width: width)
        assert native_flags() == flags
