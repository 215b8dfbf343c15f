"""Shapes of products, what can be chosen for them, and what a search found."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Literal

Dtype = Literal["fp64", "fp32", "bf16", "int8", "fp16"]
Path = Literal["rule", "packed", "in_place"]

DTYPES: tuple[Dtype, ...] = ("fp64", "fp32", "bf16", "int8", "fp16")
"""In the order of the native core."""
PATHS: tuple[Path, ...] = ("rule", "packed", "in_place")
"""In the order of the native core."""
ELEMENT_BYTES = {"fp64": 8, "fp32": 4, "bf16": 2, "int8": 1, "fp16": 2}


@dataclass(frozen=True, kw_only=True, slots=True)
class Shape:
    """One product, standing for its class: sizes are tuned by half octaves."""

    dtype: Dtype
    m: int
    """Rows of A and C."""
    n: int
    """Columns of B and C."""
    k: int
    """Columns of A, rows of B."""
    a_transposed: bool = False
    """Whether the columns of A are adjacent in memory, not its rows."""
    b_transposed: bool = False
    """The same of B."""

    @property
    def operations(self) -> int:
        """Multiplications and additions."""
        return 2 * self.m * self.n * self.k

    @property
    def text(self) -> str:
        """As it is written on a command line: ``1024x1024x1024:nt`` where B is transposed."""
        orders = {(False, False): "", (False, True): ":nt", (True, False): ":tn", (True, True): ":tt"}
        return f"{self.m}x{self.n}x{self.k}{orders[self.a_transposed, self.b_transposed]}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Choice:
    """How a product is cut up; 0 and ``rule`` leave it to the built-in rules."""

    block_rows: int = 0
    """Rows of A that are packed at once."""
    group_columns: int = 0
    """Columns of B that are packed at once."""
    cut_rows: int = 0
    """C is cut into this many rows of tasks …"""
    cut_columns: int = 0
    """… and this many columns of them."""
    path: Path = "rule"
    """Whether operands are packed, or read where they lie."""
    k_bytes: int = 0
    """Bytes of one row of A that are packed at once: the only choice that changes the last bits of results."""

    @property
    def text(self) -> str:
        """What differs from the rules, in words."""
        chosen = {name: value for name, value in asdict(self).items() if value not in {0, "rule"}}
        return " ".join(f"{name}={value}" for name, value in chosen.items()) or "the built-in rules"


RULES = Choice()
"""The built-in rules."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Verdict:
    """What came of tuning one shape."""

    shape: Shape
    workers: int
    """Workers that shared each product."""
    choice: Choice
    """What holds from now on; the built-in rules where nothing was better."""
    before_s: float | None
    """A product by the rules, median of the confirming pairs; None where none were measured."""
    after_s: float | None
    """The same by the best candidate, accepted or not."""
    gain: float | None
    """Median of before / after over the pairs."""
    gain_least: float | None
    """What the gain is at least, at 99 % confidence."""
    pairs: int
    """Pairs that confirmed or refuted the candidate, measured after the search, interleaved."""
    reason: str
    """Why the rules stay; empty where they don't."""

    counts: bool
    """Whether it replaces what an earlier search found: there was time, and the machine was quiet."""

    @property
    def is_better(self) -> bool:
        """Whether a candidate replaces the rules."""
        return self.choice != RULES
