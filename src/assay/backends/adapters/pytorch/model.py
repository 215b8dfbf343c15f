"""A Hugging Face folder opened by transformers."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
import transformers

from assay.backends.adapters.pytorch.steps import Stamps
from assay.backends.asked import Asked, Described
from assay.backends.backend import Reply
from assay.backends.generation.loop import Language, Logits, Place, Words, generate
from assay.backends.presets import built, is_preset
from assay.errors import PlanError
from assay.record import enums
from assay.record.enums import Precision
from assay.trace.recording.recorder import Recorder

_TYPES = {
    Precision.UNSPECIFIED: "auto",
    Precision.FP32: torch.float32,
    Precision.BF16: torch.bfloat16,
    Precision.FP16: torch.float16,
}
_PRECISIONS = {torch.float32: Precision.FP32, torch.bfloat16: Precision.BF16, torch.float16: Precision.FP16}


class TorchModel:
    """An opened model."""

    def __init__(self, asked: Asked) -> None:
        if asked.precision not in _TYPES:
            known = ", ".join(each.value for each in _TYPES if each is not Precision.UNSPECIFIED)
            raise PlanError(f"no {asked.precision.value} here", where="--precision", remedy=f"use one of: {known}")
        named, asked = asked, built(asked, Precision.BF16)
        if not (asked.path / "config.json").is_file():
            raise PlanError("is no folder with config.json", where=asked.model, remedy="give a Hugging Face folder")
        if asked.threads:
            torch.set_num_threads(asked.threads)
        started_ns = time.perf_counter_ns()
        model = _load(asked)
        self.load_ns = time.perf_counter_ns() - started_ns
        self._forward = _Forward(model)
        self.remarks: list[str] = []
        self._language = Language(forward=self._forward, words=_words(asked.path))
        weights = list(model.parameters())
        self.described = Described(
            name=named.model if is_preset(named.model) else asked.path.resolve().name,
            format="safetensors",
            backend=enums.Backend.PYTORCH,
            precision=_PRECISIONS.get(model.dtype, Precision.MIXED),
            threads=torch.get_num_threads(),
            batch=asked.batch,
            build=f"torch {torch.__version__}, transformers {transformers.__version__}",
            architecture=type(model).__name__,
            parameters=sum(weight.numel() for weight in weights),
            weight_bytes=sum(weight.numel() * weight.element_size() for weight in weights),
        )

    def generate(self, asked: Asked, recorder: Recorder, number: int) -> Reply:
        """Answer a request."""
        with torch.inference_mode():
            return generate(self._language, asked, recorder, number)

    def close(self) -> None:
        """Let it go."""
        self.__dict__.pop("_language", None)
        self.__dict__.pop("_forward", None)


def _load(asked: Asked) -> Any:
    transformers.utils.logging.disable_progress_bar()
    try:
        model: Any = transformers.AutoModelForCausalLM.from_pretrained(  # nosec B615 - a folder of this machine
            asked.path, dtype=_TYPES[asked.precision], local_files_only=True, trust_remote_code=False
        )
    except (OSError, ValueError, KeyError, RuntimeError, ImportError) as error:
        what = (str(error).strip().splitlines() or [type(error).__name__])[0][:300]
        raise PlanError(what, where=asked.model, remedy="check that transformers knows this model") from error
    return model.eval()


class _Forward:
    """Logits by transformers' own modules, with its own cache."""

    def __init__(self, model: Any) -> None:
        self._model = model
        self._stamps = Stamps(model)
        self._cache: Any = None
        self._length = 0
        self.vocabulary = int(model.config.get_text_config().vocab_size)

    def begin(self, prompts: Sequence[Sequence[int]], place: Place) -> Logits:
        """Logits after each prompt."""
        self._cache, self._length = None, 0
        return self._run(prompts, place)

    def advance(self, tokens: Sequence[int], place: Place) -> Logits:
        """Logits after one token more."""
        return self._run([[token] for token in tokens], place)

    def end(self) -> None:
        """Forget the cache."""
        self._cache = None

    def _run(self, tokens: Sequence[Sequence[int]], place: Place) -> Logits:
        self._length += len(tokens[0])
        with self._stamps.at(place, batch=len(tokens), new=len(tokens[0]), context=self._length):
            found = self._model(
                input_ids=torch.tensor(tokens),
                past_key_values=self._cache,
                use_cache=True,
                logits_to_keep=1,
                return_dict=True,
            )
            self._cache = found.past_key_values
            logits: Logits = found.logits[:, -1].float().numpy()
        return logits


def _words(folder: Path) -> Words | None:
    """The tokenizer, where the folder holds one."""
    if not any((folder / name).is_file() for name in ("tokenizer.json", "tokenizer.model", "vocab.json")):
        return None
    try:
        found = transformers.AutoTokenizer.from_pretrained(folder, local_files_only=True)  # nosec B615 - the same
        return _TorchWords(found)
    except (OSError, ValueError, KeyError, ImportError):
        return None


class _TorchWords:
    """Transformers' tokenizer."""

    def __init__(self, tokenizer: Any) -> None:
        self._tokenizer = tokenizer

    def encode(self, text: str) -> list[int]:
        """Tokens of a text."""
        return list(self._tokenizer(text)["input_ids"])

    def decode(self, tokens: Sequence[int]) -> str:
        """Text of tokens."""
        return str(self._tokenizer.decode(list(tokens)))
