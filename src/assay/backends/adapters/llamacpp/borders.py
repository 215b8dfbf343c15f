"""Where one step of llama.cpp's graph ends and the next begins.

llama.cpp asks of every tensor whether it is to be looked at; one that is wanted is computed before the next begins, and
its callback comes in between. Wanted are the sum behind the attention of a layer (``ffn_inp-N``) and the layer's
result (``l_out-N``): what lies between two of them is one step. So many stops cost time, which the trace holds too.
"""

from __future__ import annotations

import ctypes
import re

from llama_cpp import _ggml
from llama_cpp import llama_cpp as api

from assay.backends.generation.loop import Place
from assay.record.enums import TraceStep

_BORDER = re.compile(r"(ffn_inp|l_out)-(\d+)$")
_NAME = _ggml.libggml.ggml_get_name  # the package offers it nowhere else
_NAME.argtypes, _NAME.restype = [ctypes.c_void_p], ctypes.c_char_p


class Borders:
    """The callback of one context; it does nothing while no place is set."""

    def __init__(self, layers: int) -> None:
        self._layers = layers
        self.place: Place | None = None
        self.seen = 0
        """Borders that were met, so that a model that has none is noticed."""
        self.callback = api.ggml_backend_sched_eval_callback(self._called)
        """For llama.cpp; has to live as long as the context."""

    def _called(self, tensor: int, ask: bool, _data: int) -> bool:  # noqa: FBT001 -- llama.cpp's signature
        found = _BORDER.match(_NAME(tensor).decode("utf-8", "replace"))
        if ask or found is None or self.place is None:
            return found is not None and self.place is not None
        self.seen += 1
        layer = int(found[2])
        if found[1] == "ffn_inp":
            self.place.turn(TraceStep.FFN, layer)
        elif layer + 1 < self._layers:
            self.place.turn(TraceStep.ATTENTION, layer + 1)
        else:
            self.place.turn(TraceStep.LM_HEAD)
        return True
