"""A measurement in several parts: what was measured is written down after each block, and the next part goes on.

For machines that are quiet for minutes at a time only. What pairs need (programs, data) lies in the part's folder, so
that it is built once. Blocks of different parts count alike, since a block is compared within itself.
"""

from __future__ import annotations

import json
import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.harness import Call, Measured, Pair, block_of, warm


@dataclass(frozen=True)
class Parts:
    """Where a suite's blocks are kept, and how long one part of it may take."""

    folder: Path
    seconds: float

    @contextmanager
    def lasting(self) -> Iterator[Path]:
        """The folder for files that the suite needs, which stays."""
        (self.folder / "files").mkdir(parents=True, exist_ok=True)
        yield self.folder / "files"

    def measure(self, pairs: list[Pair], blocks: int, seed: int) -> list[Measured]:
        """What all parts up to this one have measured: as many blocks, or as time allowed, one at least."""
        results = [Measured(pair) for pair in pairs]
        done = self._read(results)
        warm(pairs)
        end_s = time.monotonic() + self.seconds
        while done < blocks:
            block_of(results, random.Random(seed + done))
            done += 1
            self._note(results)
            if time.monotonic() >= end_s:
                break
        return results

    @property
    def _file(self) -> Path:
        return self.folder / "blocks.jsonl"

    def _read(self, results: list[Measured]) -> int:
        lines = self._file.read_text(encoding="utf-8").splitlines() if self._file.exists() else []
        names = [_name(result) for result in results]
        for line in lines:
            block: dict[str, Any] = json.loads(line)
            if list(block) != names:
                raise SystemExit(f"bench: {self._file} is of other pairs; remove it, or choose another folder")
            for result in results:
                ours, peer = block[_name(result)]
                result.ours.append(Call(*ours))
                result.peer.append(Call(*peer))
        return len(lines)

    def _note(self, results: list[Measured]) -> None:
        block = {_name(result): [_numbers(result.ours[-1]), _numbers(result.peer[-1])] for result in results}
        with self._file.open("a", encoding="utf-8") as file:
            file.write(json.dumps(block) + "\n")


def _name(result: Measured) -> str:
    return f"{result.pair.name} | {result.pair.peer.name}"


def _numbers(call: Call) -> tuple[int, int, float]:
    return call.start_ns, call.wall_ns, call.value
