"""A conveyor belt: one thread loads crates, the other takes them off."""

import random
import threading
import time
from collections import deque


class Belt:
    def __init__(self) -> None:
        self.crates: deque[int] = deque()
        self.stopped = False

    def load(self, crate: int) -> None:
        self.crates.append(crate)

    def wait_for_crate(self) -> bool:
        while not self.crates:  # cause
            if self.stopped:  # cause
                return False
        return True


class Loader(threading.Thread):
    def __init__(self, belt: Belt, count: int) -> None:
        super().__init__(name="loader")
        self.belt = belt
        self.count = count

    def run(self) -> None:
        rng = random.Random(6)
        for _ in range(self.count):
            time.sleep(0.05)
            self.belt.load(rng.randint(1, 30))
        self.belt.stopped = True


def take_off(belt: Belt) -> list[int]:
    weights = []
    while belt.wait_for_crate():
        weights.append(belt.crates.popleft())
    return weights


def main() -> None:
    belt = Belt()
    loader = Loader(belt, 60)
    loader.start()
    weights = take_off(belt)
    loader.join()
    print(len(weights), "crates of", sum(weights), "kg")


if __name__ == "__main__":
    main()
