"""A hand-built file with another length than it was written for: right numbers, or an error before anything is compiled."""

import re
import subprocess
from math import inf
from pathlib import Path

import numpy as np
import pytest

from derive.code import targets
from derive.code.c.build import CompilerMissing, build, require
from derive.code.c.library.functions import REALS
from derive.code.c.target import declaration
from derive.code.functions.interpret import evaluate
from derive.jobs.compile import compile as compiled
from tests.benchmarks.tensors import DOCUMENTS

NAMES = ["loss_and_gradient", "L", "dL_dz", "a", "d2L_dz2_hvp", "da_dz_jvp", "da_dz_vjp"]
FLAGS = ["-std=c99", "-O1", "-fno-math-errno", "-fno-trapping-math", "-fopenmp-simd", "-fPIC", "-shared"]
LENGTHS = (1, 3, 10, 64, 1000, 5000, 100_000)
BATCH = 3
DISTILLATION = DOCUMENTS["distillation"]
MADE = {}


@pytest.fixture(scope="module", autouse=True)
def needs_a_compiler():
    try:
        require()
    except CompilerMissing as reason:
        pytest.skip(str(reason))


def functions():
    if not MADE:
        MADE["all"] = compiled("softmax-cross-entropy", NAMES).functions
    return MADE["all"]


def source(written):
    return targets.TARGETS["c"].written(functions(), "T", "s", sizes={"n": written})


def limit(text):
    """The largest length that the file says it is laid out for; none where it takes every length."""
    return min((int(found) for found in re.findall(r'#error "laid out for SIZE_n up to (\d+)', text)), default=inf)


def arguments(function, length, dtype):
    rng = np.random.default_rng(length)
    made = {}
    for node in function.arguments:
        if node.kind == "index":
            made[node.name] = rng.integers(length, size=BATCH)
        elif node.name == "y":
            made[node.name] = rng.dirichlet(np.ones(length), BATCH).astype(dtype)
        else:
            made[node.name] = (4 * rng.normal(size=(BATCH, length))).astype(dtype)
    return made


def compared(written, wanted):
    """Compare each function of a file written for one length and built for another with what its program gives."""
    from cffi import FFI

    interface = FFI()
    interface.cdef("\n".join(declaration(function, real) for function in functions() for real in REALS))
    library = interface.dlopen(str(build(source(written), [*FLAGS, f"-DSIZE_n={wanted}"])))
    for function in functions():
        for real, places in zip(REALS, (2e-6, 2e-14), strict=True):
            given = arguments(function, wanted, real.dtype)
            exact = evaluate(function.program, {k: v.astype("float64") if v.dtype.kind == "f" else v for k, v in given.items()})
            results = [np.full(exact[output.name].shape, np.nan, real.dtype) for output in function.program.outputs]
            arrays = [np.ascontiguousarray(v, "int64" if v.dtype.kind == "i" else None) for v in given.values()]
            pointers = [interface.from_buffer("char[]", array) for array in (*arrays, *results)]
            typed = [
                interface.cast(f"{'int64_t' if a.dtype.kind == 'i' else real.name} *", p)
                for a, p in zip((*arrays, *results), pointers, strict=True)
            ]
            assert getattr(library, f"{function.name}_{real.suffix}")(BATCH, *typed) == 0
            for output, result in zip(function.program.outputs, results, strict=True):
                scale = np.abs(exact[output.name]).max()
                np.testing.assert_allclose(result, exact[output.name], rtol=places, atol=places * scale, err_msg=function.name)


def refused(written, wanted, folder):
    """What the compiler says of a file with a length, None where it takes it."""
    Path(folder, "f.c").write_text(source(written), encoding="utf-8")
    command = ["cc", "-std=c99", "-fsyntax-only", f"-DSIZE_n={wanted}", str(Path(folder, "f.c"))]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.stderr if done.returncode else None


@pytest.mark.parametrize(("written", "most"), [(10, 24), (100, 2048), (5000, inf)])
@pytest.mark.parametrize("wanted", LENGTHS)
def test_a_length_is_taken_or_refused_before_anything_is_compiled(tmp_path, written, most, wanted):
    assert limit(source(written)) == most
    said = refused(written, wanted, tmp_path)
    if wanted > most:
        assert said is not None and f"laid out for SIZE_n up to {most}" in said
    else:
        assert said is None


@pytest.mark.parametrize(("wanted", "taken"), [(10, True), (32768, True), (32769, False)])
def test_an_array_on_the_stack_is_not_longer_than_it_was_laid_out_for(tmp_path, wanted, taken):
    text = compiled(DISTILLATION, ["loss_and_gradient"], target="c", sizes={"n": 5000}).source
    assert limit(text) == 32768
    (tmp_path / "f.c").write_text(text, encoding="utf-8")
    command = ["cc", "-std=c99", "-fsyntax-only", f"-DSIZE_n={wanted}", str(tmp_path / "f.c")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode == 0) is taken and ("laid out for SIZE_n up to 32768" in done.stderr) is not taken


@pytest.mark.parametrize(("written", "wanted"), [(10, 3), (100, 1000), (5000, 64)])
def test_the_numbers_are_right_for_another_length(written, wanted):
    compared(written, wanted)


@pytest.mark.slow
@pytest.mark.parametrize("written", [10, 100, 5000])
@pytest.mark.parametrize("wanted", LENGTHS)
def test_the_numbers_are_right_for_each_length_that_is_taken(written, wanted):
    most = limit(source(written))
    if wanted <= most:
        compared(written, wanted)


def test_a_sum_that_is_not_taken_in_pieces_would_lose_digits():
    """Why a file for short sums refuses long ones: of a million numbers that are added one by one few digits are right."""
    ones = np.full(1 << 20, 0.1, np.float32)
    assert abs(np.cumsum(ones, dtype=np.float32)[-1] / 104857.6 - 1) > 1e-4
    assert abs(ones.reshape(-1, 1024).sum(axis=1).sum() / 104857.6 - 1) < 1e-6
