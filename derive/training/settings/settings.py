"""What a training run is told, and what it remembers so that it can be continued bit for bit."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, get_args

from derive.training.settings.errors import TrainError
from derive.training.settings.options import Activation, Model, Target

TARGETS, MODELS, ACTIVATIONS = get_args(Target), get_args(Model), get_args(Activation)


@dataclass(frozen=True)
class Schedule:
    """The learning rate, its decay per epoch (κ) and the factor of the penalty (λ); `output_rate` is that of the last layer."""

    rate: float
    output_rate: float
    decay: float = 0.0
    penalty: float = 0.0


@dataclass(frozen=True)
class Settings:
    """What decides the numbers of a run.

    `hidden` are the sizes of the hidden layers; `output_rate` is the learning rate of the last layer (the same as `rate`
    if None); `decay` is κ and `penalty` λ of ``proofs/training/step.md``.
    """

    data: str = "digits"
    model: str = "softmax"
    hidden: tuple[int, ...] = ()
    activation: str = "tanh"
    target: str = "numpy"
    epochs: int = 30
    batch: int = 16
    rate: float = 0.5
    output_rate: float | None = None
    decay: float = 0.0
    penalty: float = 0.0
    seed: int = 0

    def checked(self) -> Settings:
        """These settings, with everything in its range and hidden layers for a model that has them.

        Raises:
            TrainError: what was expected and what was found.
        """
        for name, known in (("model", MODELS), ("activation", ACTIVATIONS), ("target", TARGETS)):
            if getattr(self, name) not in known:
                raise TrainError(f"--{name}: expected one of {', '.join(known)}, found {getattr(self, name)}")
        for name, least in (("epochs", 0), ("batch", 1), ("seed", 0)):
            if getattr(self, name) < least:
                raise TrainError(f"--{name}: expected at least {least}, found {getattr(self, name)}")
        for name, option in (("rate", "rate"), ("output_rate", "output-rate")):
            value = getattr(self, name)
            if value is not None and not (math.isfinite(value) and value > 0):
                raise TrainError(f"--{option}: expected a number above 0, found {value:g}")
        for name, option in (("decay", "decay"), ("penalty", "l2")):
            value = getattr(self, name)
            if not (math.isfinite(value) and value >= 0):
                raise TrainError(f"--{option}: expected a number from 0 up, found {value:g}")
        if self.model == "softmax" and self.hidden:
            raise TrainError("--hidden: expected --model mlp; softmax regression has no hidden layers")
        if any(size < 1 for size in self.hidden):
            raise TrainError(f"--hidden: expected sizes from 1 up, found {','.join(map(str, self.hidden))}")
        if self.model == "mlp" and not self.hidden:
            raise TrainError("--hidden: expected the sizes of the hidden layers of the MLP, found none")
        return self

    @property
    def schedule(self) -> Schedule:
        return Schedule(self.rate, self.rate if self.output_rate is None else self.output_rate, self.decay, self.penalty)

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @staticmethod
    def from_json(values: Mapping[str, Any]) -> Settings:
        """Settings as they were saved. Raises ValueError or TypeError if they are none."""
        known = {field.name for field in fields(Settings)}
        if set(values) != known:
            raise ValueError("other settings than this version knows")
        return Settings(**{**values, "hidden": tuple(int(size) for size in values["hidden"])}).checked()


def defaults(model: str, activation: str) -> dict[str, Any]:
    """What suits a model on the digits where nothing else is said."""
    if model != "mlp":
        return {"model": model, "decay": 0.05}
    if activation == "sigmoid":
        return {"model": model, "activation": activation, "hidden": (64,), "batch": 8, "rate": 1.0}
    return {"model": model, "activation": activation, "hidden": (32,)}
