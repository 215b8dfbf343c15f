"""Simulates ships in a harbour with a heap of what happens next."""

import heapq
import random
from collections import deque


class Harbour:
    def __init__(self, berths: int, seed: int) -> None:
        self.free = berths
        self.waiting: deque[int] = deque()
        self.events: list[tuple[float, int, str, int]] = []
        self.rng = random.Random(seed)
        self.longest = 0
        self.count = 0

    def plan(self, time: float, kind: str, ship: int) -> None:
        self.count += 1
        heapq.heappush(self.events, (time, self.count, kind, ship))

    def berth(self, time: float, ship: int) -> None:
        self.free -= 1
        self.plan(time + self.rng.expovariate(1 / 9), "leaves", ship)

    def run(self) -> float:
        time = 0.0
        while self.events:
            time, _, kind, ship = heapq.heappop(self.events)
            if kind == "comes":
                self.waiting.append(ship)
            else:
                self.free += 1
            while self.free and self.waiting:
                self.berth(time, self.waiting.popleft())
            self.longest = max(self.longest, len(self.waiting))
        return time


def main() -> None:
    harbour = Harbour(9, 1)
    time = 0.0
    for ship in range(420_000):
        time += harbour.rng.expovariate(1)
        harbour.plan(time, "comes", ship)
    print(round(harbour.run(), 1), "hours, longest queue", harbour.longest)


if __name__ == "__main__":
    main()
