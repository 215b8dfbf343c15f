"""Take results from a queue as they come."""
import queue
import threading
import time

RESULTS = queue.Queue()


def produce():
    for number in range(20):
        time.sleep(0.2)
        RESULTS.put(number)


def take():
    while True:
        try:
            return RESULTS.get_nowait()  # cause
        except queue.Empty:
            continue


def main():
    threading.Thread(target=produce).start()
    print(sum(take() for _ in range(20)))


main()
