"""The width of vectors and loops: what the compiler makes of a file for another processor, and what is said of this one."""

import platform
import subprocess
from functools import cache

import pytest

from derive.code.c.build import FLAGS, CompilerMissing, compiler, vector_bytes
from derive.code.c.machine import machine
from derive.jobs.compile import compile as compile_document


@cache
def fused(length=0):
    """The C file of a loss with its gradient, laid out for that many classes where a number is given."""
    sizes = {"n": length} if length else None
    return compile_document("softmax-cross-entropy", ["loss_and_gradient"], target="c", sizes=sizes).source


@pytest.fixture(autouse=True)
def path():
    try:
        return compiler()
    except CompilerMissing:
        pytest.skip("no C compiler")


@pytest.fixture
def assembly(path, tmp_path):
    """How often the instructions for AVX-512 name a register of each width."""
    said = subprocess.run([path, "-dM", "-E", "-x", "c", "/dev/null"], capture_output=True, text=True, check=True).stdout
    if platform.machine() not in ("x86_64", "AMD64") or "__clang__" in said:
        pytest.skip("what is looked at is what GCC makes for one kind of processor")

    def made(source, *more):
        flags = ("-march=skylake-avx512", *(flag for flag in FLAGS if flag not in ("-march=native", "-shared")), *more)
        (tmp_path / "f.c").write_text(source, encoding="utf-8")
        command = [path, *flags, "-S", str(tmp_path / "f.c"), "-o", "-"]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        return {width: done.stdout.count(f"%{width}") for width in ("zmm", "ymm")}

    return made


@pytest.mark.slow
@pytest.mark.parametrize("length", [10, 1000])
def test_loops_are_as_wide_as_the_vectors(assembly, length):
    source = fused(length)
    pragma = '#pragma GCC target("prefer-vector-width=512")'
    assert pragma in source
    wide, mixed = assembly(source), assembly(source.replace(pragma, ""))
    assert wide["zmm"] > 4 * wide["ymm"] and mixed["zmm"] < mixed["ymm"]
    narrow = assembly(source, "-DVECTOR_BYTES=32")
    assert narrow["zmm"] == 0 and narrow["ymm"] > 0
    assert assembly(source, "-mprefer-vector-width=512") == wide


@pytest.mark.slow
def test_a_width_that_there_is_not_ends_the_compilation(assembly):
    source = fused()
    with pytest.raises(subprocess.CalledProcessError) as raised:
        assembly(source, "-DVECTOR_BYTES=48")
    assert "VECTOR_BYTES" in raised.value.stderr


def test_the_machine():
    found = machine()
    assert found.vector_bytes == vector_bytes() and found.processor and found.march not in ("", "native")
    assert f"{found.vector_bytes} bytes" in str(found) and found.march in str(found)


def test_a_compiler_that_does_not_say(tmp_path, monkeypatch):
    other = tmp_path / "cc"
    other.write_text("#!/bin/sh\necho other\n", encoding="utf-8")
    other.chmod(0o755)
    monkeypatch.setenv("CC", str(other))
    assert machine().march == "unknown" and machine().vector_bytes == 16


@pytest.mark.parametrize(
    ("written", "wanted", "message"),
    [
        (10, 24, ""),
        (10, 1000, "laid out for SIZE_n up to 24"),
        pytest.param(100, 1000, "", marks=pytest.mark.slow),
        pytest.param(100, 0, "expected a length from 1 on", marks=pytest.mark.slow),
        pytest.param(100, 7, "", marks=pytest.mark.slow),
        pytest.param(3000, 7, "", marks=pytest.mark.slow),
    ],
)
def test_another_length_works_or_ends_the_compilation(path, tmp_path, written, wanted, message):
    source = fused(written)
    (tmp_path / "f.c").write_text(source, encoding="utf-8")
    command = [path, "-std=c99", "-fsyntax-only", f"-DSIZE_n={wanted}", str(tmp_path / "f.c")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert message in done.stderr and bool(done.returncode) is bool(message)
