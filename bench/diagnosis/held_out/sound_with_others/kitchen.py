"""A kitchen: waiters hand in orders, cooks wait for them at a queue."""

import queue
import random
import threading
import time


class Kitchen:
    def __init__(self, cooks: int) -> None:
        self.orders: queue.Queue = queue.Queue(maxsize=20)
        self.served: list[str] = []
        self.lock = threading.Lock()
        self.cooks = [threading.Thread(target=self.cook, name=f"cook-{number}") for number in range(cooks)]

    def cook(self) -> None:
        while (order := self.orders.get()) is not None:
            dish = " ".join(sorted(order.split()))
            with self.lock:
                self.served.append(dish)

    def close(self) -> None:
        for _ in self.cooks:
            self.orders.put(None)
        for cook in self.cooks:
            cook.join()


def evening(kitchen: Kitchen, guests: int) -> None:
    rng = random.Random(8)
    for guest in range(guests):
        time.sleep(rng.uniform(0.005, 0.02))  # the guest thinks
        kitchen.orders.put(f"{guest} soup {rng.choice(['fish', 'roast'])} ice")


def main() -> None:
    kitchen = Kitchen(3)
    for cook in kitchen.cooks:
        cook.start()
    evening(kitchen, 240)
    kitchen.close()
    print(len(kitchen.served), "served")


if __name__ == "__main__":
    main()
