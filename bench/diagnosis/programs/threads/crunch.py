"""Divide a computation over threads."""
import threading

TOTALS = [0] * 4


def crunch(part):
    total = 0
    for number in range(9_000_000):  # cause
        total += number % 7
    TOTALS[part] = total


def main():
    threads = [threading.Thread(target=crunch, args=(part,)) for part in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(sum(TOTALS))


main()
