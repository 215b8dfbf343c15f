"""An opened ONNX file: sessions with and without the profiler, run by turns."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import onnxruntime as runtime

from assay.backends.adapters.onnxruntime.inputs import Feed, feed_for
from assay.backends.adapters.onnxruntime.reading import Loaded, graph_of, load
from assay.backends.asked import Asked, Described
from assay.backends.operators.counting import counted_runs
from assay.backends.operators.graph import Graph
from assay.backends.operators.measured import Profiled
from assay.backends.operators.origins import origins_of
from assay.backends.operators.profile import read_profile, refused
from assay.errors import PlanError
from assay.record import enums

_QUIET = 3
"""Errors only: what it warns of when its optimised graph is written does not concern this machine."""


class OnnxModel:
    """An opened ONNX file."""

    def __init__(self, asked: Asked) -> None:
        self._loaded: Loaded = load(asked.path)
        self._folder = Path(tempfile.mkdtemp(prefix="assay-onnx-"))
        threads = asked.threads or len(os.sched_getaffinity(0))
        started_ns = time.perf_counter_ns()
        try:
            self._profiled = self._session(threads, profiled=True)
            self._load_ns = time.perf_counter_ns() - started_ns
            self._plain = self._session(threads, profiled=False)
        except BaseException:
            self.close()
            raise
        self._executed: Graph = graph_of(self._folder / "executed.onnx")
        self.described = Described(
            name=asked.path.name,
            format="onnx",
            backend=enums.Backend.ONNXRUNTIME,
            precision=self._loaded.precision,
            threads=threads,
            batch=asked.batch,
            build=f"onnxruntime {runtime.__version__}",
            architecture=self._loaded.producer,
            parameters=self._loaded.parameters,
            weight_bytes=self._loaded.weight_bytes,
            sha256=self._loaded.sha256,
        )

    def profile(self, asked: Asked, progress: Callable[[int, int], None]) -> Profiled:
        """Runs with and without the profiler by turns; the first of each is apart."""
        feed = feed_for(self._plain.get_inputs(), self._loaded.graph, asked)
        with _words(asked.model):
            stamps = [_timed(self._profiled, feed)]
            _timed(self._plain, feed)
            without: list[tuple[int, int]] = []
            for repeat in range(asked.repeat):
                for profiled in (True, False) if repeat % 2 == 0 else (False, True):
                    (stamps if profiled else without).append(_timed(self._profiled if profiled else self._plain, feed))
                progress(repeat + 1, asked.repeat)
            file = Path(self._profiled.end_profiling())
        runs = read_profile(file)
        if len(runs) != len(stamps):
            raise refused(file, f"the profile holds {len(runs):,} of {len(stamps):,} runs")
        origins = origins_of(self._loaded.graph, self._executed)
        labels = self._loaded.labels
        cold, *measured = counted_runs(runs, stamps, self._executed, origins)
        return Profiled(
            load_ns=self._load_ns,
            cold=cold,
            runs=tuple(measured),
            with_ns=tuple(end - start for start, end in stamps[1:]),
            without_ns=tuple(end - start for start, end in without),
            nodes_of={
                key: tuple(labels.get(node.name, node.name) for node in nodes) for key, nodes in origins.nodes.items()
            },
            folded=tuple(labels.get(name, name) for name in origins.folded),
        )

    def close(self) -> None:
        """Let the sessions and their files go."""
        self.__dict__.pop("_profiled", None)
        self.__dict__.pop("_plain", None)
        shutil.rmtree(self._folder, ignore_errors=True)

    def _session(self, threads: int, *, profiled: bool) -> Any:
        options: Any = runtime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.execution_mode = runtime.ExecutionMode.ORT_SEQUENTIAL
        options.log_severity_level = _QUIET
        options.add_session_config_entry(
            "session.model_external_initializers_file_folder_path", str(self._loaded.folder)
        )
        if profiled:
            options.enable_profiling = True
            options.profile_file_prefix = str(self._folder / "profile")
            options.optimized_model_filepath = str(self._folder / "executed.onnx")
            options.add_session_config_entry(
                "session.optimized_model_external_initializers_file_name", "executed.weights"
            )
        with _words(str(self._loaded.path)):
            return runtime.InferenceSession(self._loaded.bytes, options, providers=["CPUExecutionProvider"])


@contextlib.contextmanager
def _words(where: str) -> Iterator[None]:
    """The runtime's own errors as one line."""
    try:
        yield
    except (RuntimeError, ValueError, NotImplementedError) as error:
        raise PlanError(
            _first_line(error), where=where, remedy="check the model with onnx.checker, and --inputs"
        ) from error
    except Exception as error:
        if type(error).__module__.partition(".")[0] != "onnxruntime":
            raise
        raise PlanError(_first_line(error), where=where, remedy="check the model with onnx.checker") from error


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:400]


def _timed(session: Any, feed: Mapping[str, Feed]) -> tuple[int, int]:
    started_ns = time.perf_counter_ns()
    session.run(None, feed)
    return started_ns, time.perf_counter_ns()
