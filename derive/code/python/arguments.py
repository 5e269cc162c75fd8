"""What every generated function does with its arguments before it computes: real numbers are widened, labels are looked at.

The text of a decorator, for each library. It is given the shape of each argument: the names of its axes, ``...`` for any
number of leading ones, and for labels ``<`` and the name of the axis whose places they are.
"""

from __future__ import annotations

from collections.abc import Sequence

from derive.code.arrays.program import BATCH, Input
from derive.code.names import identifier

NAME = "takes"
CALL = 'Call = TypeVar("Call", bound=Callable[..., Any])'
IMPORTS = ("from collections.abc import Callable", "from functools import wraps", "from typing import Any, TypeVar")


def shape_of(node: Input, lead: str) -> str:
    """The shape of an argument as the decorator is given it; `lead` is how the axes of the examples are written.

    >>> from derive.code.arrays.program import Axis
    >>> shape_of(Input("z", (Axis("batch", "batch"), Axis("i", "n"))), "...")
    '... n'
    >>> shape_of(Input("labels", (Axis("batch", "batch"),), "index", "n"), "batch")
    'batch < n'
    """
    axes = [lead if axis.size == BATCH else _size(axis.size) for axis in node.axes]
    return " ".join([*axes, *(["<", _size(node.below)] if node.kind == "index" else [])])


def decorator(arguments: Sequence[Input], lead: str) -> str:
    """The line above the head of a function with these arguments."""
    return f"@{NAME}({', '.join(f'{chr(34)}{shape_of(node, lead)}{chr(34)}' for node in arguments)})\n"


def _size(name: str) -> str:
    return name if name.isdigit() else identifier(name)


FITTED = '''def fitted(name: str, given: tuple[int, ...], shape: str, sizes: dict[str, Any]) -> None:
    """Raise ValueError unless the shape `given` is `shape`, its axes as long as in `sizes`, to which it adds its own."""
    own, labels = shape.partition("<")[0].split(), "<" in shape
    if own[:1] == ["..."]:
        own = own[1:]
        lead, given = given[:len(given) - len(own)], given[max(len(given) - len(own), 0):]
        if not sizes.get("...") and not labels:
            sizes["..."] = lead
        elif lead != sizes.setdefault("...", lead) and (lead or labels):
            raise ValueError(f"{name} has the leading axes {lead}, and another argument {sizes['...']}")
    if len(own) != len(given):
        raise ValueError(f"{name} has {len(given)} axes and not those of ({shape})")
    for axis, length in zip(own, given):
        if sizes.setdefault(axis, int(axis) if axis.isdigit() else length) != length:
            raise ValueError(f"{name} has {length} entries along {axis}, where there are {sizes[axis]}")
'''

HEAD = '''def takes(*shapes: str) -> Callable[[Call], Call]:
    """Makes a function take real numbers of any type, of these shapes; behind "<" is the axis whose places are labels.

    {types}

    Raises:
        TypeError: the function, at numbers that are not real.
        ValueError: the function, at an array that does not fit, and at labels that are not integers.
        IndexError: the function, at a label below 0 or beyond the last place{unless}.
    """
    def of(function: Call) -> Call:
        names = function.__code__.co_varnames[:len(shapes)]

        @wraps(function)
        def called(*given: Any, **named: Any) -> Any:
            given = (*given, *[named.pop(name) for name in names[len(given):] if name in named])
            if named or len(given) != len(names):
                return function(*given, **named)
{body}

        return called  # type: ignore[return-value]

    return of
'''

NAMES = "        names = function.__code__.co_varnames[:len(shapes)]\n"
PLAIN = """        # Shapes and types that were fine as they are, each with the places of labels and their numbers of classes.
        plain: dict[Any, list[tuple[int, int]]] = {}
"""


def _made(types: str, unless: str, body: str) -> str:
    lines = "\n".join(f"            {line}" if line else "" for line in body.strip("\n").split("\n"))
    return f"{FITTED}\n\n{HEAD.format(types=types, unless=unless, body=lines)}"


NUMPY = _made(
    "Integers become float64 and float16 is computed in float32, to be rounded at the end.",
    "",
    """
arrays = [np.asarray(x) for x in given]
sizes: dict[str, Any] = {}
floats = [x if isinstance(x, float) else a.dtype for x, a in zip(given, arrays) if a.dtype.kind == "f"]
kept = np.result_type(*floats) if any(not isinstance(x, float) for x in floats) else np.dtype(np.float64)
dtype = np.result_type(kept, np.float32)
for place, (name, x, shape) in enumerate(zip(names, arrays, shapes)):
    fitted(name, x.shape, shape, sizes)
    if "<" not in shape:
        if x.dtype.kind not in "fiub":
            raise TypeError(f"{name} has the type {x.dtype}, which is not one of real numbers")
        arrays[place] = x.astype(dtype, copy=False)
        continue
    if x.dtype.kind not in "iu":
        raise ValueError(f"{name} has the type {x.dtype}; labels are integers")
    length = sizes[shape.split()[-1]]
    if x.size and (x.min() < 0 or x.max() >= length):
        raise IndexError(f"{name} has a label that is not from 0 to {length - 1}")
    arrays[place] = x.astype(np.intp, copy=False)
found = function(*arrays)
if kept == dtype:
    return found
return tuple(x.astype(kept) for x in found) if isinstance(found, tuple) else found.astype(kept)
""",
)

TORCH = (
    _made(
        """Integers become float64, float16 and bfloat16 are computed in float32, to be rounded at the end. Where a label cannot
    be looked at (in torch.compile, in torch.func.vmap, on a device one would wait for), a wrong one makes its example NaN.""",
        ", where it can be looked at",
        """
seen = None
if not torch.compiler.is_compiling() and all(type(x) in (Tensor, torch.nn.Parameter) for x in given):
    seen = tuple((x.shape, x.dtype, x.device) for x in given)
    if seen in plain and all(are_places(given[place], length) for place, length in plain[seen]):
        return function(*given)
types = {x.dtype for x in given if isinstance(x, Tensor) and x.is_floating_point()}
kept = torch.float64 if not types else types.pop()
for other in types:
    kept = torch.promote_types(kept, other)
dtype = kept if kept == torch.float64 else torch.float32
device = next((x.device for x in given if isinstance(x, Tensor)), None)
tensors = [x if isinstance(x, Tensor) else torch.as_tensor(x, device=device) for x in given]
sizes: dict[str, Any] = {}
good = None
for place, (name, x, shape) in enumerate(zip(names, tensors, shapes)):
    fitted(name, tuple(x.shape), shape, sizes)
    if "<" not in shape:
        if x.is_complex():
            raise TypeError(f"{name} has the type {x.dtype}, which is not one of real numbers")
        tensors[place] = x if x.dtype == dtype else x.to(dtype)
        continue
    if x.is_floating_point() or x.is_complex() or x.dtype == torch.bool:
        raise ValueError(f"{name} has the type {x.dtype}; labels are integers")
    length = sizes[shape.split()[-1]]
    known = are_places(x, length)
    if known is False:
        raise IndexError(f"{name} has a label that is not from 0 to {length - 1}")
    tensors[place] = x = x.long()
    if known is None:
        fine = (x >= 0) & (x < length)
        tensors[place] = torch.where(fine, x, 0)
        good = fine if good is None else good & fine
for place, shape in enumerate(shapes):
    if shape[:3] == "..." and "<" not in shape and tensors[place].dim() < len(sizes["..."]) + len(shape.split()) - 1:
        tensors[place] = tensors[place].expand(*sizes["..."], *tensors[place].shape)
if good is not None:
    for place, shape in enumerate(shapes):
        axes = shape.split()
        if "<" not in axes and axes and axes[0] in ("...", "batch"):
            x = tensors[place]
            tensors[place] = torch.where(good.reshape(*good.shape, *[1] * (len(axes) - 1)), x, torch.nan)
if seen is not None and kept == dtype and all(x is y for x, y in zip(tensors, given)):
    if len(plain) > 99:
        plain.clear()
    plain[seen] = [(place, sizes[shape.split()[-1]]) for place, shape in enumerate(shapes) if "<" in shape]
found = function(*tensors)
if kept == dtype:
    return found
return tuple(x.to(kept) for x in found) if isinstance(found, tuple) else found.to(kept)
""",
    )
    .replace(NAMES, NAMES + PLAIN)
    .replace(
        "def takes(",
        '''def are_places(labels: Tensor, length: int) -> bool | None:
    """Whether all labels are from 0 to `length` - 1; None where they cannot be looked at."""
    if torch.compiler.is_compiling() or labels.device.type != "cpu" or labels.numel() == 0:
        return None
    try:
        low, high = torch.aminmax(labels)
        return int(low) >= 0 and int(high) < length
    except RuntimeError:  # torch.func.vmap shows no number
        return None


def takes(''',
    )
)

JAX = _made(
    """Integers become the widest real type, float16 and bfloat16 are computed in float32, to be rounded at the end. Where a
    label cannot be looked at (in jax.jit, in jax.vmap), a wrong one makes all of its example NaN: loss and gradient.""",
    ", where it can be looked at",
    """
arrays = [jnp.asarray(x) for x in given]
sizes: dict[str, Any] = {}
good = None
floats = [x for x, a in zip(given, arrays) if jnp.issubdtype(a.dtype, jnp.floating)]
kept = jnp.result_type(*floats) if floats else jnp.result_type(float)
dtype = jnp.promote_types(kept, jnp.float32)
for place, (name, x, shape) in enumerate(zip(names, arrays, shapes)):
    fitted(name, x.shape, shape, sizes)
    if "<" not in shape:
        if jnp.issubdtype(x.dtype, jnp.complexfloating):
            raise TypeError(f"{name} has the type {x.dtype}, which is not one of real numbers")
        arrays[place] = x.astype(dtype)
        continue
    if not jnp.issubdtype(x.dtype, jnp.integer):
        raise ValueError(f"{name} has the type {x.dtype}; labels are integers")
    length = sizes[shape.split()[-1]]
    fine = (x >= 0) & (x < length)
    if not isinstance(fine, jax.core.Tracer):
        if not fine.all():
            raise IndexError(f"{name} has a label that is not from 0 to {length - 1}")
    else:
        arrays[place] = jnp.where(fine, x, 0)
        good = fine if good is None else good & fine
if good is not None:
    for place, shape in enumerate(shapes):
        axes = shape.split()
        if "<" not in axes and axes and axes[0] in ("...", "batch"):
            # Added and not chosen: of jnp.where(good, x, jnp.nan) compiled code for CPUs was seen to give finite numbers.
            wrong = jnp.where(good, 0, jnp.nan).astype(dtype)
            arrays[place] += wrong.reshape(*good.shape, *[1] * (len(axes) - 1))
found = function(*arrays)
if kept == dtype:
    return found
return tuple(x.astype(kept) for x in found) if isinstance(found, tuple) else found.astype(kept)
""",
)
