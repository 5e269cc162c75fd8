"""What was learnt, without what it was trained with: weights and biases, and the classes that they predict."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from derive.training.steps.network import Layer

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, np.dtype[Any]]


@dataclass(frozen=True)
class Model:
    """Linear layers with `activation` between them; inputs are divided by `scale` first, as they were in training."""

    layers: tuple[Layer, ...]
    activation: str | None
    scale: float

    def outputs(self, inputs: Array) -> Array:
        """The outputs of the last layer, shape (examples, classes), for inputs of shape (examples, features).

        Raises:
            ValueError: if the inputs have another shape.
        """
        import numpy as np

        values = np.asarray(inputs, float) / self.scale
        features = self.layers[0].w.shape[1]
        if values.ndim != 2 or values.shape[1] != features:
            raise ValueError(f"expected inputs of shape (examples, {features}), found {values.shape}")
        for number, layer in enumerate(self.layers, 1):
            values = values @ layer.w.T + layer.b
            if number < len(self.layers):
                values = np.tanh(values) if self.activation == "tanh" else 0.5 + 0.5 * np.tanh(values / 2)
        return values

    def predict(self, inputs: Array) -> Array:
        """The class of each example, from 0: the place of its largest output. Raises as :meth:`outputs`."""
        import numpy as np

        places: Array = np.argmax(self.outputs(inputs), axis=1)
        return places
