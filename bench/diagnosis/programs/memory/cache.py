"""Answer requests, with a cache of answers."""
import time

ANSWERS = {}


def answer(request):
    if request not in ANSWERS:
        ANSWERS[request] = bytearray(20_000)  # cause
        ANSWERS[request][::64] = b"x" * len(ANSWERS[request][::64])
    return len(ANSWERS[request])


def main():
    total = 0
    end = time.process_time() + 4
    number = 0
    while time.process_time() < end:
        total += answer(f"request {number}") + sum(range(2_000))
        number += 1
    print(total)


main()
