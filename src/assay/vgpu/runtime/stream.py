"""Streams: queues whose launches run in their order."""

from __future__ import annotations

import weakref

from assay.vgpu.runtime.event import Event
from assay.vgpu.runtime.graph import Graph
from assay.vgpu.runtime.native import native


class Stream:
    """A queue of launches.

    The default stream (:func:`default_stream`) runs a launch in the thread that makes it, without the interpreter's
    lock, before the launch returns. A stream that is made here has a thread of its own: a launch returns at once, and
    its operands must be left alone until :meth:`synchronise`, or an event recorded later, says that it has run.
    """

    __slots__ = ("__weakref__", "_handle")

    def __init__(self) -> None:
        self._handle = native.stream_open()
        weakref.finalize(self, native.stream_close, self._handle)

    @property
    def handle(self) -> int:
        """Its number in the native core."""
        return self._handle

    @property
    def id(self) -> int:
        """Its number in the counters; 0 is the default stream."""
        return native.stream_id(self._handle)

    def idle(self) -> bool:
        """Whether everything launched so far has run."""
        return native.stream_idle(self._handle)

    def synchronise(self) -> None:
        """Wait until everything launched so far has run.

        Raises the first error of it; what was launched after the launch that failed was left out.
        """
        native.stream_synchronise(self._handle)

    def record(self, event: Event) -> None:
        """Let the event happen once everything launched so far has run."""
        native.stream_record(self._handle, event.handle)

    def wait(self, event: Event) -> None:
        """Run what is launched from now on after the event's latest recording."""
        native.stream_wait(self._handle, event.handle)

    def capture(self) -> Capture:
        """Note this thread's launches on this stream instead of running them.

        ::

            with stream.capture() as capture:
                capture.step("layer 0")
                stream.gemm(a, b, c)
            stream.replay(capture.graph)
        """
        return Capture(self)

    def replay(self, graph: Graph, times: int = 1) -> None:
        """Run everything that the graph holds, in its order, ``times`` times; in a capture, note it."""
        if times < 0:
            raise ValueError(f"times must be 0 or more, not {times}")
        native.graph_replay(graph.handle, self._handle, times)

    def nothing(self) -> None:
        """Launch a kernel that does nothing: what a launch costs."""
        native.launch_nothing(self._handle)

    def sum(self, values: object, result: object) -> None:
        """Launch the sum of a contiguous fp32 or fp64 buffer into the one fp64 of ``result``; see ``sum_of``."""
        native.launch_sum(self._handle, values, result)

    def gemm(self, a: object, b: object, c: object) -> None:
        """Launch ``c = a @ b`` of contiguous matrices.

        Elements of a, b, c: fp64, fp32 or int8 (into int32), or bf16 as its bits in uint16 (into fp32). ``c`` must not
        overlap an operand. Raises ``TypeError`` for other elements, ``ValueError`` for shapes that don't fit.
        """
        native.launch_gemm(self._handle, a, b, c)


class Capture:
    """A capture while it goes on; its :attr:`graph` once it is over."""

    __slots__ = ("_graph", "_handle", "_stream")

    def __init__(self, stream: Stream) -> None:
        self._stream = stream
        self._handle = 0
        self._graph: Graph | None = None

    def __enter__(self) -> Capture:
        self._handle = native.capture_begin(self._stream.handle)
        return self

    def __exit__(self, kind: type[BaseException] | None, *rest: object) -> None:
        try:
            if kind is None:
                self._graph = Graph(native.capture_end(self._handle))
        finally:
            native.capture_close(self._handle)

    def step(self, name: str) -> None:
        """Name what follows, up to the next step or the end: with counters on, a replay gives the step a row."""
        native.capture_step(self._stream.handle, name)

    @property
    def graph(self) -> Graph:
        """What was captured. Raises ``ValueError`` before the capture is over, or where it ended in an error."""
        if self._graph is None:
            raise ValueError("the capture is not over, or ended in an error; leave its with-block first")
        return self._graph


class _Default(Stream):
    """The default stream, which is there without being opened."""

    __slots__ = ()

    def __init__(self) -> None:
        self._handle = 0


_DEFAULT = _Default()


def default_stream() -> Stream:
    """The stream that runs each launch in its caller."""
    return _DEFAULT
