"""Answer requests, with a cache of answers."""
import time

ANSWERS = {}


def answer(request):
    if request not in ANSWERS:
        ANSWERS[request] = bytearray(40_000)  # cause
        ANSWERS[request][::4096] = b"x" * len(ANSWERS[request][::4096])
    return len(ANSWERS[request])


def main():
    total = 0
    end = time.monotonic() + 5
    number = 0
    while time.monotonic() < end:
        total += answer(f"request {number}")
        number += 1
        if number % 10 == 0:
            time.sleep(0.004)
    print(total)


main()
