"""Collects the failures of jobs with where they came from."""

import random
import traceback
from collections import Counter
from dataclasses import dataclass


@dataclass
class Failure:
    job: int
    kind: str
    trace: str


class Jobs:
    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)

    def load(self, job: int) -> dict[str, int]:
        if self.rng.random() < 0.3:
            raise KeyError(f"job {job}")
        return {"size": self.rng.randint(0, 5)}

    def run(self, job: int) -> float:
        loaded = self.load(job)
        return self.share(loaded["size"])

    def share(self, size: int) -> float:
        return 1.0 / size


def collect(jobs: Jobs, count: int) -> tuple[float, list[Failure]]:
    total = 0.0
    failures = []
    for job in range(count):
        try:
            total += jobs.run(job)
        except (KeyError, ZeroDivisionError) as error:
            failures.append(Failure(job, type(error).__name__, traceback.format_exc()))  # cause
    return total, failures


def main() -> None:
    total, failures = collect(Jobs(6), 120_000)
    print(f"{total:.1f}", Counter(failure.kind for failure in failures))
    print(failures[0].trace.splitlines()[-1])


if __name__ == "__main__":
    main()
