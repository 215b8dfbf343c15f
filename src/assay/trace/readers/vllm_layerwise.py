"""vLLM's layerwise profile: time on the device per module, prefill and each decode step apart."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from assay.record.enums import Backend, Phase
from assay.trace.foreign.documents import begins_with, decode_file, number
from assay.trace.foreign.events import Foreign, whole_ns
from assay.trace.foreign.names import OTHER, place_of
from assay.trace.foreign.opened import opened
from assay.trace.reading import Reader
from assay.trace.source import Trace, damaged

_US = 1000.0
_MOST_DEPTH, _MOST_NODES = 64, 1_000_000
_REMARK = "The profile keeps durations and no instants: events are laid one behind the other."


def recognises(head: bytes) -> bool:
    """An object that has phases with ``summary_stats`` or ``model_stats``."""
    return begins_with(head, rb"^\s*\{") and begins_with(head, rb'"(?:summary_stats|model_stats)"\s*:')


def open_profile(path: Path) -> Trace:
    """The trace."""
    document = decode_file(path, dict[str, Any], "a layerwise profile of vLLM")
    events: list[Foreign] = []
    now_ns = 0
    for name, stats in document.items():
        tree = stats.get("model_stats") if isinstance(stats, dict) else None
        if isinstance(tree, list):
            walk = _Walk(path, Phase.PREFILL if name.startswith("prefill") else Phase.DECODE, now_ns)
            events += walk.events(tree)
            now_ns = walk.now_ns
    context = document.get("context")
    model = context.get("engine_args", {}) if isinstance(context, dict) else {}
    named = str(model.get("model", "") if isinstance(model, dict) else "")[:500]
    return opened(
        path,
        "vllm_layerwise",
        events,
        "vLLM's layerwise profiler, device time in µs",
        remarks=(_REMARK,),
        backend=Backend.VLLM,
        model=named,
    )


class _Place(NamedTuple):
    """What a module has from those around it."""

    step: str
    layer: int | None
    depth: int


class _Walk:
    """One phase, its modules in the order of the file."""

    def __init__(self, path: Path, phase: str, now_ns: int) -> None:
        self._path, self._phase = path, phase
        self._seen = 0
        self._layers: dict[str, int] = {}
        self.now_ns = now_ns

    def events(self, nodes: list[Any], around: _Place | None = None) -> Iterator[Foreign]:
        """Events of the leaves, and of what a module does beside its children."""
        place = around or _Place(OTHER, None, 0)
        self._seen += len(nodes)
        if place.depth > _MOST_DEPTH or self._seen > _MOST_NODES:
            raise damaged(str(self._path), "modules are nested too deeply, or too many")
        for node in nodes:
            yield from self._module(node, place)

    def _module(self, node: Any, around: _Place) -> Iterator[Foreign]:
        entry = node.get("entry") if isinstance(node, dict) else None
        if not isinstance(entry, dict):
            raise damaged(str(self._path), "a module without an entry")
        name, children = str(entry.get("name", "?"))[:512], node.get("children") or []
        time_us = number(entry.get("cuda_time_us"))
        total_ns = None if time_us is None else whole_ns(time_us, _US)
        if total_ns is None or total_ns < 0 or not isinstance(children, list):
            raise damaged(str(self._path), f"module {name[:80]!r} has no time")
        step, layer = place_of(name)
        place = _Place(
            around.step if step == OTHER else step, self._numbered(name, layer, around.layer), around.depth + 1
        )
        inner = list(self.events(children, place))
        yield from inner
        rest_ns = total_ns - sum(each.wall_ns for each in inner)
        if rest_ns > 0 or not children:
            yield self._event(name, place.step, place.layer, max(0, rest_ns))

    def _event(self, name: str, step: str, layer: int | None, wall_ns: int) -> Foreign:
        start_ns, self.now_ns = self.now_ns, self.now_ns + wall_ns
        return Foreign(
            step=step, op=name.split("(", 1)[0][:128] or "?", kernel=name, layer=layer, phase=self._phase,
            device="gpu:0", start_ns=start_ns, wall_ns=wall_ns,
        )  # fmt: skip

    def _numbered(self, name: str, own: int | None, around: int | None) -> int | None:
        """Layers of one class without numbers are counted as they come."""
        if own is not None or around is not None or not name.split("(", 1)[0].endswith("Layer"):
            return own if own is not None else around
        kind = name.split("(", 1)[0]
        self._layers[kind] = self._layers.get(kind, -1) + 1
        return self._layers[kind]


PLUGIN = Reader(name="vllm_layerwise", title="layerwise profile of vLLM", recognises=recognises, open=open_profile)
