"""A consumer that waits for its producer, on a queue."""
import queue
import threading

ITEMS = queue.Queue(maxsize=100)


def produce():
    for number in range(60):
        ITEMS.put(sum(value * value for value in range(700_000)) + number)
    ITEMS.put(None)


def consume():
    total = 0
    while (item := ITEMS.get()) is not None:
        total += item
    return total


threading.Thread(target=produce).start()
print(consume())
