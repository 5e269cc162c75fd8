"""Minibatches in C: for each batch its rows are gathered, functions are called one after the other, parameters are replaced.

What is called, with which arrays, is data (:class:`Epoch`); the functions are array programs. Their lengths are known, so each
is written for them; a product of matrices is blocked (:mod:`derive.code.c.epoch.product`), and the arrays that it reads along
their other axis are stored that way round.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from derive.code.arrays.program import BATCH, Program
from derive.code.c import target as c
from derive.code.c.epoch import product as c_product
from derive.code.c.epoch.shapes import named, turned, with_lengths, without_batch
from derive.code.c.library.functions import REALS, Real
from derive.code.functions.build import Function

TAB = "    "
STATUS, NO_EXAMPLE = -1, -2
# While a batch is computed, the first bytes of each row of the next one are fetched, line by line.
LINE, AHEAD = 64, 1024
RESERVED = frozenset(
    "first last size examples count order inputs labels numbers arrays losses norms results start left rows row at byte loss "
    "done step squares other outside end i j".split()
)


@dataclass(frozen=True)
class Array:
    """An array that the functions share: the size of each axis, ``batch`` or a number; `index` for places of labels.

    `like` names an array of the same shape: both are stored the same way round.
    """

    name: str
    sizes: tuple[str, ...]
    index: bool = False
    like: str = ""

    @property
    def batched(self) -> bool:
        return BATCH in self.sizes


@dataclass(frozen=True)
class Call:
    """A call of `function`: the array or the number for each of its arguments, the array for each of its results."""

    function: Function
    arguments: Mapping[str, str]
    results: Mapping[str, str]


@dataclass(frozen=True)
class Epoch:
    """What is done with each batch: `forward` makes `outputs` of `inputs`, `backward` makes `losses` and `slopes`, and
    `update` the arrays that take the places of others (`replaced`: new name to old name).

    `numbers` are arguments that stay the same for a whole epoch. The root mean square of each array in `slopes` is reported.
    """

    arrays: tuple[Array, ...]
    numbers: tuple[str, ...]
    inputs: str
    labels: str
    outputs: str
    losses: str
    slopes: tuple[str, ...]
    forward: tuple[Call, ...]
    backward: tuple[Call, ...]
    update: tuple[Call, ...]
    replaced: Mapping[str, str]


@dataclass(frozen=True)
class Plan:
    """An epoch as a C file for one type: the arrays as they are stored (those in `turned` the other way round), the text, and
    what of the epoch its caller has to know."""

    dtype: str
    arrays: tuple[Array, ...]
    turned: tuple[str, ...]
    numbers: tuple[str, ...]
    inputs: str
    outputs: str
    slopes: tuple[str, ...]
    source: str
    declarations: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @staticmethod
    def from_json(values: Mapping[str, Any]) -> Plan:
        """A plan as it was written. Raises KeyError or TypeError if it is none."""
        lists = ("turned", "numbers", "slopes", "declarations")
        arrays = tuple(Array(**{**one, "sizes": tuple(one["sizes"])}) for one in values["arrays"])
        return Plan(**{**values, "arrays": arrays, **{name: tuple(values[name]) for name in lists}})


def planned(epoch: Epoch, dtype: str, vector_bytes: int) -> Plan:
    """How the epoch is computed in C in ``float32`` or ``float64``, with vectors of so many bytes.

    Raises:
        CannotLower: if there is no C code for one of its functions.
        ValueError: if an array has a name that the loops use.
    """
    real = next(real for real in REALS if real.dtype == dtype)
    arrays = {array.name: array for array in epoch.arrays}
    if RESERVED & set(arrays):
        raise ValueError(f"an array cannot be called {min(RESERVED & set(arrays))}")
    writer = _Writer(epoch, real, vector_bytes, arrays, _turned(epoch, arrays))
    source = writer.text()
    return Plan(
        real.dtype,
        tuple(arrays.values()),
        tuple(sorted(writer.turned)),
        epoch.numbers,
        epoch.inputs,
        epoch.outputs,
        epoch.slopes,
        source,
        tuple(f"{head};" for head in _heads(real)),
    )


def _heads(real: Real) -> tuple[str, str]:
    begin = "int64_t size, int64_t examples"
    end = f"const {real.name} *numbers, void *const *arrays"
    return (
        f"int64_t steps(int64_t first, int64_t last, {begin}, int64_t count, const int64_t *order, "
        f"const {real.name} *inputs, const int64_t *labels, {end}, double *losses, double *norms)",
        f"int64_t outputs({begin}, const {real.name} *inputs, {end}, {real.name} *results)",
    )


def _fitted(call: Call, arrays: Mapping[str, Array]) -> Program:
    """The program of a call, for the lengths of its arrays."""
    program = call.function.program
    bound = {node.name: arrays[call.arguments[node.name]] for node in program.inputs if call.arguments[node.name] in arrays}
    batched = [node.name for node in program.inputs if any(axis.size == BATCH for axis in node.axes)]
    if batched and not any(bound[name].batched for name in batched if name in bound):
        program = without_batch(program)
    lengths: dict[str, int] = {}
    for node in program.inputs:
        if node.name in bound:
            pairs = zip(node.axes, bound[node.name].sizes, strict=True)
            lengths.update({axis.size: int(size) for axis, size in pairs if axis.size != BATCH})
    return with_lengths(program, lengths)


def _turned(epoch: Epoch, arrays: Mapping[str, Array]) -> frozenset[str]:
    """The arrays that are stored the other way round: those whose first product reads them along their first axis."""
    found: dict[str, bool] = {}
    for call in (*epoch.forward, *epoch.backward):
        product = c_product.product(_fitted(call, arrays))
        if product is not None:
            for node in product.program.inputs:
                array = arrays.get(call.arguments[node.name])
                if array is not None and not array.batched and len(array.sizes) == 2:
                    found.setdefault(array.name, node.name == product.strided)
    alike = {name for name, array in arrays.items() if found.get(array.like)}
    return frozenset({name for name, wanted in found.items() if wanted} | alike)


@dataclass
class _Writer:
    """Writes the file for one type."""

    epoch: Epoch
    real: Real
    vector_bytes: int
    arrays: dict[str, Array]
    turned: frozenset[str]
    rows: list[Function] = field(default_factory=list)
    products: list[str] = field(default_factory=list)

    def text(self) -> str:
        heads = _heads(self.real)
        forward, backward, update = (
            tuple(self._calls(part)) for part in (self.epoch.forward, self.epoch.backward, self.epoch.update)
        )
        # The arrays are known only now: a call can need a copy of one that is the other way round.
        steps, outputs = self._steps(forward, backward, update), self._outputs(forward)
        functions = c.write(self.rows, "Training in minibatches", "documents of the library", reals=(self.real,), wide=True)
        return (
            "\n\n".join(
                [
                    functions.rstrip(),
                    "#include <string.h>",
                    *self.products,
                    _function(heads[0], steps),
                    _function(heads[1], outputs),
                ]
            )
            + "\n"
        )

    # -- calls --------------------------------------------------------------------------------------------------------

    def _calls(self, calls: Sequence[Call]) -> Iterator[str]:
        for call in calls:
            yield from self._call(call)

    def _call(self, call: Call) -> Iterator[str]:
        names = {**call.arguments, **call.results}
        program = turned(_fitted(call, self.arrays), [name for name, array in names.items() if array in self.turned])
        product = c_product.product(program)
        if product is not None and product.strided:
            strided, source = product.strided, names[product.strided]
            yield self._copy(source)
            names[strided] = f"{source}_turned"
            program = turned(program, [strided])
            product = c_product.product(program)
        function = replace(
            named(call.function, f"call{len(self.rows) + len(self.products)}_{call.function.name}"), program=program
        )
        if product is None:
            self.rows.append(function)
        else:
            self.products.append(c_product.write(function, product, self.real, self.vector_bytes))
        given = [names[node.name] for node in function.arguments]
        pointers = [f"&numbers[{self.epoch.numbers.index(name)}]" if name in self.epoch.numbers else name for name in given]
        results = [names[output.name] for output in program.outputs]
        arguments = ", ".join(["rows" if BATCH in _sizes(program) else "1", *pointers, *results])
        yield f"if ({c.symbol(function, self.real)}({arguments})) {{ done = {STATUS}; goto end; }}"

    def _copy(self, name: str) -> str:
        """The statement that copies an array, the other way round."""
        first, second = (_count(size) for size in self._stored(name))
        copy = Array(f"{name}_turned", self.arrays[name].sizes)
        self.arrays[copy.name] = copy
        if name not in self.turned:
            self.turned |= {copy.name}
        return (
            f"for (int64_t i = 0; i < {first}; ++i) for (int64_t j = 0; j < {second}; ++j) "
            f"{copy.name}[j * {first} + i] = {name}[i * {second} + j];"
        )

    def _stored(self, name: str) -> tuple[str, ...]:
        sizes = self.arrays[name].sizes
        return sizes[::-1] if name in self.turned else sizes

    # -- the loops ----------------------------------------------------------------------------------------------------

    def _pointers(self) -> list[str]:
        lines = []
        for place, array in enumerate(self.arrays.values()):
            kind = "int64_t" if array.index else self.real.name
            lines += [f"{kind} *{array.name} = arrays[{place}];", f"(void){array.name};"]
        return [*lines, "(void)numbers;"]

    def _steps(self, forward: Sequence[str], backward: Sequence[str], update: Sequence[str]) -> list[str]:
        epoch, real = self.epoch, self.real.name
        features = self._length(epoch.inputs)
        body = [
            "const int64_t start = step * size, left = examples - start, rows = left < size ? left : size;",
            "for (int64_t row = 0; row < rows; ++row) {",
            f"{TAB}const int64_t at = order[start + row];",
            f"{TAB}memcpy({epoch.inputs} + row * {features}, inputs + at * {features}, sizeof({real}) * {features});",
            f"{TAB}{epoch.labels}[row] = labels[at];",
            "}",
            "for (int64_t row = start + rows; row < start + 2 * rows && row < examples; ++row)",
            f"{TAB}for (int64_t byte = 0; byte < (int64_t)sizeof({real}) * {features} && byte < {AHEAD}; byte += {LINE})",
            f"{TAB}{TAB}__builtin_prefetch((const char *)(inputs + order[row] * {features}) + byte);",
            *forward,
            *backward,
            "double loss = 0;",
            f"for (int64_t row = 0; row < rows; ++row) loss += {epoch.losses}[row];",
            "losses[step - first] = loss / (double)rows;",
            "if (!isfinite(loss)) { done = step - first; break; }",
        ]
        for place, name in enumerate(epoch.slopes):
            length = self._length(name)
            body += [
                "{",
                f"{TAB}{real} squares = 0;",
                "#pragma omp simd reduction(+: squares)",
                f"{TAB}for (int64_t j = 0; j < {length}; ++j) squares += {name}[j] * {name}[j];",
                f"{TAB}norms[(step - first) * {len(epoch.slopes)} + {place}] = sqrt((double)squares / ({length}));",
                "}",
            ]
        body += update
        body += [f"{{ {real} *const other = {new}; {new} = {old}; {old} = other; }}" for new, old in epoch.replaced.items()]
        places = {name: place for place, name in enumerate(self.arrays)}
        ends = [
            f"if ({old} != arrays[{place}]) memcpy(arrays[{place}], {old}, sizeof({real}) * {self._length(old)});"
            for old, place in places.items()
            if old in epoch.replaced.values()
        ]
        known = [
            "int outside = 0;",
            "for (int64_t row = 0; row < examples; ++row)",
            f"{TAB}outside |= order[row] < 0 || order[row] >= count;",
            f"if (outside) return {NO_EXAMPLE};",
        ]
        return [
            *self._pointers(),
            *known,
            "int64_t done = last - first;",
            "for (int64_t step = first; step < last; ++step) {",
            *_indented(body),
            "}",
            "end:;",
            *ends,
            "return done;",
        ]

    def _outputs(self, forward: Sequence[str]) -> list[str]:
        epoch, real = self.epoch, self.real.name
        features, length = self._length(epoch.inputs), self._length(epoch.outputs)
        body = [
            "const int64_t left = examples - start, rows = left < size ? left : size;",
            f"memcpy({epoch.inputs}, inputs + start * {features}, sizeof({real}) * (size_t)rows * {features});",
            *forward,
            f"memcpy(results + start * {length}, {epoch.outputs}, sizeof({real}) * (size_t)rows * {length});",
        ]
        return [
            *self._pointers(),
            "int64_t done = 0;",
            "for (int64_t start = 0; start < examples; start += size) {",
            *_indented(body),
            "}",
            "end:;",
            "return done;",
        ]

    def _length(self, name: str) -> str:
        """The number of entries of an array, of one example if it has a batch."""
        return " * ".join(size for size in self.arrays[name].sizes if size != BATCH) or "1"


def _sizes(program: Program) -> set[str]:
    return {axis.size for node in program.nodes for axis in node.axes}


def _count(size: str) -> str:
    return "rows" if size == BATCH else size


def _function(head: str, body: Sequence[str]) -> str:
    return "\n".join([head, "{", *_indented(body), "}"])


def _indented(lines: Sequence[str]) -> list[str]:
    return [line if line.startswith("#") else TAB + line for line in lines]
