"""Wait for a result that a thread makes."""
import threading
import time

RESULTS = []


def produce():
    for number in range(4):
        time.sleep(0.9)
        RESULTS.append(number)


def wait_for(count):
    while len(RESULTS) < count:
        time.sleep(0.05)  # cause
    return RESULTS


def main():
    threading.Thread(target=produce).start()
    print(wait_for(4))


main()
