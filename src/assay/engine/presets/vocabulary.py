"""Trains the presets' tokenizer: byte pairs of common words and of words made of their syllables, always the same."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from functools import lru_cache
from itertools import pairwise
from typing import Any

from assay.engine.presets.words import WORDS

Pair = tuple[str, str]

SPECIAL = ("<|unknown|>", "<|begin|>", "<|end|>", "<|turn|>", "<|over|>")
LEARNED = 1_200
"""Merges that are learned from the words; those that follow join learned pieces, the most common first."""
SEED = 20_251_120
CHAT = (
    "{{ bos_token }}{% for message in messages %}<|turn|>{{ message['role'] }}\n{{ message['content'] | trim }}<|over|>"
    "\n{% endfor %}{% if add_generation_prompt %}<|turn|>assistant\n{% endif %}"
)


def byte_letters() -> list[str]:
    """The printable letter that byte-level tokenizers write for each byte: itself, or one from 256 on."""
    plain = {*range(33, 127), *range(161, 173), *range(174, 256)}
    others = iter(range(256, 512))
    return [chr(byte if byte in plain else next(others)) for byte in range(256)]


@lru_cache(maxsize=2)
def merges_and_vocabulary(size: int) -> tuple[list[Pair], dict[str, int]]:
    """Merges in their order, and each token's number."""
    vocabulary = {token: number for number, token in enumerate((*SPECIAL, *byte_letters()))}
    merges: list[Pair] = []
    for pair in (*_learned(_words(), LEARNED), *_joined(size)):
        if len(vocabulary) == size:
            break
        token = "".join(pair)
        if token not in vocabulary and all(part in vocabulary for part in pair):
            vocabulary[token] = len(vocabulary)
            merges.append(pair)
    return merges, vocabulary


def tokenizer_json(size: int, *, begin: bool) -> dict[str, Any]:
    """The content of a tokenizer.json with so many tokens; ``begin``: whether texts get a beginning."""
    merges, vocabulary = merges_and_vocabulary(size)
    special = [
        {
            "id": number,
            "content": text,
            "single_word": False,
            "lstrip": False,
            "rstrip": False,
            "normalized": False,
            "special": True,
        }
        for number, text in enumerate(SPECIAL)
    ]
    byte_level = {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": True}
    return {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": special,
        "normalizer": None,
        "pre_tokenizer": byte_level,
        "post_processor": _begin() if begin else byte_level,
        "decoder": byte_level,
        "model": {
            "type": "BPE",
            "dropout": None,
            "unk_token": None,
            "continuing_subword_prefix": None,
            "end_of_word_suffix": None,
            "fuse_unk": False,
            "byte_fallback": False,
            "ignore_merges": False,
            "vocab": vocabulary,
            "merges": [list(pair) for pair in merges],
        },
    }


def _begin() -> dict[str, Any]:
    token = SPECIAL[1]
    text = {"Sequence": {"id": "A", "type_id": 0}}
    start = {"SpecialToken": {"id": token, "type_id": 0}}
    return {
        "type": "TemplateProcessing",
        "single": [start, text],
        "pair": [start, text, {"Sequence": {"id": "B", "type_id": 1}}],
        "special_tokens": {token: {"id": token, "ids": [1], "tokens": [token]}},
    }


def _words() -> dict[tuple[str, ...], int]:
    """Words as letters, with a blank before them, and how often each occurs: less the further down the list."""
    draw = random.Random(SEED)  # noqa: S311 - words are no secrets
    syllables = [word[start : start + 3] for word in WORDS for start in range(0, max(len(word) - 2, 1), 3)]
    made = ["".join(draw.choice(syllables) for _ in range(draw.choice((2, 3)))) for _ in range(600)]
    blank = byte_letters()[32]
    counts: dict[tuple[str, ...], int] = {}
    for rank, word in enumerate((*WORDS, *made), start=1):
        counts[blank, *word] = max(200_000 // rank, 1)
        counts.setdefault(tuple(word), max(20_000 // rank, 1))
        counts.setdefault((blank, *word.capitalize()), max(10_000 // rank, 1))
    return counts


def _learned(words: dict[tuple[str, ...], int], count: int) -> list[Pair]:
    """Byte pair encoding: again and again the pair that occurs most often, the first in the alphabet among equals."""
    texts = [list(word) for word in words]
    weights = list(words.values())
    pairs: Counter[Pair] = Counter()
    where: defaultdict[Pair, set[int]] = defaultdict(set)
    for number, text in enumerate(texts):
        _note(text, number, weights[number], pairs, where)
    found: list[Pair] = []
    while len(found) < count and pairs:
        best = min(pairs, key=lambda pair: (-pairs[pair], pair))
        if pairs[best] <= 0:
            break
        found.append(best)
        for number in sorted(where.pop(best)):
            _note(texts[number], number, -weights[number], pairs, where)
            texts[number] = _merged(texts[number], best)
            _note(texts[number], number, weights[number], pairs, where)
        del pairs[best]
    return found


def _note(text: list[str], number: int, weight: int, pairs: Counter[Pair], where: defaultdict[Pair, set[int]]) -> None:
    for pair in pairwise(text):
        pairs[pair] += weight
        if weight > 0:
            where[pair].add(number)


def _merged(text: list[str], pair: Pair) -> list[str]:
    found: list[str] = []
    for letter in text:
        if found and (found[-1], letter) == pair:
            found[-1] += letter
        else:
            found.append(letter)
    return found


def _joined(size: int) -> list[Pair]:
    """Pairs of whole words' pieces, for the tokens that the words themselves are too few for."""
    blank = byte_letters()[32]
    firsts = [blank + word for word in WORDS]
    seconds = [word for word in WORDS if len(word) > 1]
    return [(first, second) for second in seconds for first in firsts][: 20 * size]
