"""How long the judge takes, against SymPy's explicit Jacobian with ``simplify``; all figures from one run.

Run: ``python tests/benchmarks/bench_decide.py``. It prints medians in milliseconds and ratios of medians. Ours is
timed warm, for a symbolic number of classes and for literal ones up to a million; SymPy's for 5, 10 and 20
classes, two entries of the Jacobian (one on, one off the diagonal).
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable

import sympy
from sympy import Integer, KroneckerDelta, exp, log

from derive.judge.decide import decide
from derive.judge.kernel import Proof, prove
from derive.judge.verdict import Kind
from derive.terms.context import Claim, Context, Definition, Fact
from derive.terms.terms import Partial, family, index, scalar, size, summation

I, J, K = (index(name) for name in "ijk")
N = size("n")
Z, A, Y, LOSS = family("z"), family("a"), family("y"), scalar("L")


def context_for(classes: int | None) -> Context:
    """Softmax and cross-entropy with labels that sum to 1; `classes` None for a symbolic number."""

    def total(body: sympy.Expr) -> sympy.Expr:
        return summation(body, K, Integer(1), N)

    context = Context().define(Definition(A[I], exp(Z[I]) / total(exp(Z[K]))), Definition(LOSS, -total(Y[K] * log(A[K]))))
    context = context.assume(Fact(total(Y[K]), "=", Integer(1)))
    return context if classes is None else context.assume(Fact(N, "=", Integer(classes)))


CLAIMS = {
    "Jacobian": Claim(Partial(A[J], Z[I]), "=", A[J] * (KroneckerDelta(I, J) - A[I])),
    "gradient": Claim(Partial(LOSS, Z[I]), "=", A[I] - Y[I]),
}


def median_ms(work: Callable[[], object], rounds: int) -> float:
    """Median wall time of `work` in milliseconds, after one call that is not counted."""
    work()
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return 1000 * statistics.median(times)


def explicit_jacobian(classes: int) -> float:
    """Milliseconds that SymPy takes to differentiate and simplify two entries of the explicit Jacobian, once."""
    sympy.core.cache.clear_cache()
    logits = sympy.symbols(f"z1:{classes + 1}", real=True)
    start = time.perf_counter()
    a = [exp(z) / sum(exp(other) for other in logits) for z in logits]
    for row, column, claimed in ((0, 0, a[0] * (1 - a[0])), (0, 1, -a[0] * a[1])):
        if sympy.simplify(sympy.diff(a[row], logits[column]) - claimed) != 0:
            raise SystemExit("SymPy does not simplify the difference to 0")
    return 1000 * (time.perf_counter() - start)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=31, help="calls per median (default 31)")
    parser.add_argument("--classes", type=int, nargs="*", default=[5, 10, 20], help="classes for SymPy (default 5 10 20)")
    options = parser.parse_args()
    symbolic: dict[str, float] = {}
    print("ours, number of classes          decide [ms]   proof alone [ms]   decide / symbolic n")
    for name, claim in CLAIMS.items():
        for classes in (None, 5, 20, 1000, 10**6):
            context = context_for(classes)
            if decide(claim, context).kind is not Kind.PROVED or not isinstance(prove(claim, context), Proof):
                raise SystemExit(f"{name} is not proved for {classes or 'symbolic n'}")
            taken = median_ms(lambda c=claim, x=context: decide(c, x), options.rounds)
            proof = median_ms(lambda c=claim, x=context: prove(c, x), options.rounds)
            symbolic.setdefault(name, taken)
            print(f"{name:10s} {classes or 'symbolic n':>16} {taken:16.2f} {proof:18.2f} {taken / symbolic[name]:18.2f}")
    print("\nSymPy diff and simplify, explicit Jacobian, two entries")
    print("classes          SymPy [ms]   SymPy / our Jacobian at symbolic n")
    for classes in options.classes:
        taken = explicit_jacobian(classes)
        print(f"{classes:7d} {taken:19.1f} {taken / symbolic['Jacobian']:20.0f}")


if __name__ == "__main__":
    main()
