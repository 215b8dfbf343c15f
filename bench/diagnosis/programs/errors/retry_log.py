"""Remember why steps failed."""
import traceback


def step(number):
    if number % 10:
        raise RuntimeError(f"step {number}")


def run(count):
    reasons = []
    for number in range(count):
        try:
            step(number)
        except RuntimeError:
            reasons.append(traceback.format_exc())  # cause
    return reasons


print(len(run(60_000)))
