"""When tokens came out: time to the first, from one to the next, and per output token."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from assay.record.documents.inference.trace import TokenTimes
from assay.record.enums import TraceStep
from assay.record.rows import Distribution
from assay.trace.analysis.durations import Durations
from assay.trace.analysis.frame import NONE, Frame, NameTable

Integers = npt.NDArray[np.int64]


@dataclass
class _Sequence:
    """One sequence of one request: its tokens so far."""

    first_ns: int
    last_ns: int
    last_token: int
    tokens: int = 1


class Tokens:
    """Gathers frames. A token comes out when its ``Sample`` ends; where nothing is sampled, when its last step ends."""

    def __init__(self, names: NameTable) -> None:
        self._sample = names.code(TraceStep.SAMPLE)
        self._sequences: dict[tuple[int, int], _Sequence] = {}
        self._from: dict[int, int] = {}
        self._arrivals: dict[int, int] = {}
        self._between = Durations()
        self._sampled = False

    def add(self, frame: Frame) -> None:
        """Count events in."""
        self._add_starts(frame)
        sampled = (frame.step == self._sample) & frame.is_step
        if sampled.any() and not self._sampled:
            self._sampled = True
            self._sequences.clear()
            self._between = Durations()
        chosen = sampled if self._sampled else (frame.token != NONE) & ~frame.is_request
        rows = np.flatnonzero(chosen)
        if len(rows):
            self._add_tokens(frame, rows)

    def times(self) -> TokenTimes:
        """What users waited for."""
        first = Durations()
        waits = [each.first_ns - self._started(key[0]) for key, each in self._sequences.items()]
        first.add(np.zeros(len(waits), np.int64), np.maximum(np.array(waits, np.int64), 0))
        spans = [(each.last_ns - each.first_ns, each.tokens - 1) for each in self._sequences.values()]
        steps = sum(count for _, count in spans)
        reason = "" if steps else "no sequence has two tokens"
        return TokenTimes(
            requests=len({invocation for invocation, _ in self._sequences}),
            tokens=sum(each.tokens for each in self._sequences.values()),
            first=_only(first),
            between=_only(self._between),
            per_output_ns=sum(span for span, _ in spans) / steps if steps else None,
            reason=reason if self._sequences else "no event names a token",
        )

    def _started(self, invocation: int) -> int:
        return self._arrivals.get(invocation, self._from.get(invocation, 0))

    def _add_starts(self, frame: Frame) -> None:
        order = np.argsort(frame.invocation, kind="stable")
        present, begins = np.unique(frame.invocation[order], return_index=True)
        firsts = np.minimum.reduceat(frame.start_ns[order], begins).tolist()
        for invocation, start_ns in zip(present.tolist(), firsts, strict=True):
            self._from[invocation] = min(start_ns, self._from.get(invocation, start_ns))
        for row in np.flatnonzero(frame.is_request).tolist():
            self._arrivals[int(frame.invocation[row])] = int(frame.start_ns[row])

    def _add_tokens(self, frame: Frame, rows: Integers) -> None:
        """The latest end of each token's rows, sequence by sequence in the order of tokens."""
        ends = frame.end_ns[rows]
        keys = (frame.invocation[rows], frame.sequence[rows], frame.token[rows])
        order = np.lexsort((ends, *keys[::-1]))
        ordered = [key[order] for key in keys]
        last = np.append(np.any([np.diff(key) != 0 for key in ordered], axis=0), True)
        places = np.flatnonzero(last)
        gaps: list[int] = []
        columns = (*(key[places].tolist() for key in ordered), ends[order][places].tolist())
        for invocation, sequence, token, end_ns in zip(*columns, strict=True):
            gap = self._add_token((invocation, sequence), token, end_ns)
            if gap is not None:
                gaps.append(gap)
        self._between.add(np.zeros(len(gaps), np.int64), np.array(gaps, np.int64))

    def _add_token(self, key: tuple[int, int], token: int, end_ns: int) -> int | None:
        """Take a token in; the time since the one before, where there is one."""
        known = self._sequences.get(key)
        if known is None:
            self._sequences[key] = _Sequence(end_ns, end_ns, token)
            return None
        if token == known.last_token and token != NONE:
            known.last_ns = max(known.last_ns, end_ns)
            return None
        gap = max(0, end_ns - known.last_ns)
        known.last_ns, known.last_token, known.tokens = max(known.last_ns, end_ns), token, known.tokens + 1
        return gap


def _only(durations: Durations) -> Distribution | None:
    found = durations.distributions()
    return found[0] if found else None
