"""Which GPUs a program may use, as CUDA reads ``CUDA_VISIBLE_DEVICES``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from assay.record.base import Record
from assay.record.enums import Severity
from assay.record.rows import Evidence, QualityFlag

VARIABLE, ORDER = "CUDA_VISIBLE_DEVICES", "CUDA_DEVICE_ORDER"


class Card(Record, kw_only=True):
    """One physical GPU as the driver lists it."""

    index: int
    """Its place in the driver's order, which is that of the bus."""
    uuid: str
    """Its UUID."""
    name: str
    """Product name."""
    instances: tuple[str, ...] = ()
    """UUIDs of the instances it is partitioned into."""
    partitioned: bool = False
    """Whether it is in MIG mode."""


class Chosen(NamedTuple):
    """The physical GPUs, each once, and what must be known about the choice."""

    cards: tuple[Card, ...]
    reason: str
    flags: tuple[QualityFlag, ...]


def choose(cards: Sequence[Card], variables: Mapping[str, str]) -> Chosen:
    """The cards whose energy a program with these variables can cause."""
    mask = variables.get(VARIABLE)
    if mask is None:
        return Chosen(tuple(cards), "" if cards else "the driver shows no device", _partition_flags(cards))
    picked: dict[int, Card] = {}
    for word in (part.strip() for part in mask.split(",")):
        card = _by_number(cards, word) if word.lstrip("-").isdigit() else _by_name(cards, word)
        if card is None:
            break  # CUDA shows what stands before the first entry that it can't resolve, and nothing behind it
        picked[card.index] = card
    chosen = tuple(picked[index] for index in sorted(picked))
    reason = "" if chosen else f"{VARIABLE}={mask!r} leaves no GPU visible"
    return Chosen(chosen, reason, (*_partition_flags(chosen), *_order_flags(cards, variables, mask)))


def _by_number(cards: Sequence[Card], word: str) -> Card | None:
    return next((card for card in cards if str(card.index) == word.lstrip("0") or str(card.index) == word), None)


def _by_name(cards: Sequence[Card], word: str) -> Card | None:
    """By UUID or the beginning of one that only one card has; an instance stands for its card."""
    if not word.startswith(("GPU-", "MIG-")):
        return None
    older = word.removeprefix("MIG-").partition("/")[0] if word.startswith("MIG-GPU-") else word
    found = [
        card for card in cards if card.uuid.startswith(older) or any(name.startswith(word) for name in card.instances)
    ]
    return found[0] if len(found) == 1 else None


def _partition_flags(cards: Sequence[Card]) -> tuple[QualityFlag, ...]:
    parted = [card for card in cards if card.partitioned]
    if not parted:
        return ()
    names = ", ".join(f"gpu:{card.index}" for card in parted)
    message = f"{names} is partitioned (MIG): the energy is that of the whole GPU, shared by all of its instances."
    instances = sum(len(card.instances) for card in parted)
    evidence = (Evidence(name="instances that share it", value=float(instances)),)
    return (QualityFlag(id="mig_parent_energy", severity=Severity.WARNING, message=message, evidence=evidence),)


def _order_flags(cards: Sequence[Card], variables: Mapping[str, str], mask: str) -> tuple[QualityFlag, ...]:
    """CUDA numbers unlike cards by speed unless told otherwise, and the driver by bus."""
    numbered = any(word.strip().isdigit() for word in mask.split(","))
    if not numbered or variables.get(ORDER) == "PCI_BUS_ID" or len({card.name for card in cards}) < 2:
        return ()
    message = f"The GPUs differ and {ORDER} is not PCI_BUS_ID: CUDA may number them in another order than the driver."
    return (QualityFlag(id="gpu_order_unknown", severity=Severity.WARNING, message=message),)
