"""A machine whose products take as long as a formula says, on a clock that only they move."""

from __future__ import annotations

import random
from collections.abc import Callable

from assay.vgpu.tuning.types import Choice, Shape


class Simulated:
    """Stands in for the machine's stopwatch."""

    def __init__(
        self,
        seconds: Callable[[Shape, Choice], float],
        *,
        noise: float = 0.0,
        seed: int = 0,
        others: float | None = 0.0,
    ) -> None:
        self._seconds, self._noise, self._others = seconds, noise, others
        self._random = random.Random(seed)
        self._now_s = 0.0
        self.products: list[Choice] = []

    def now_s(self) -> float:
        return self._now_s

    def product_s(self, shape: Shape, choice: Choice) -> float:
        taken_s = self._seconds(shape, choice) * (1.0 + self._noise * self._random.expovariate(1.0))
        self._now_s += taken_s
        self.products.append(choice)
        return taken_s

    def others_share(self) -> float | None:
        return self._others
