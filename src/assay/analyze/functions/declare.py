"""How a function of the language is declared: its signature stands above what computes it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from msgspec import Struct

from assay.analyze.grammar import Kind, Signature
from assay.analyze.grammar.evaluate import Value
from assay.analyze.places import Place


class Function(Struct, frozen=True, kw_only=True):
    """A function of the language."""

    signature: Signature
    compute: Callable[..., Value]
    """Takes the place and the arguments; None where the data is missing."""


class Functions:
    """A group of functions on one subject."""

    def __init__(self) -> None:
        self.table: dict[str, Function] = {}

    def declare(
        self,
        name: str,
        *parameters: Kind,
        needs: str = "",
        unit: str = "",
        returns: Kind = Kind.NUMBER,
        words: tuple[str, ...] = (),
    ) -> Callable[[Callable[..., Value]], Callable[..., Value]]:
        """Declare the function below under that name; its docstring is its meaning."""

        def keep(compute: Callable[..., Value]) -> Callable[..., Value]:
            signature = Signature(
                name=name,
                parameters=parameters,
                returns=returns,
                needs=frozenset(needs.split()),
                unit=unit,
                meaning=" ".join((compute.__doc__ or "").split()),
                words=words,
            )
            self.table[name] = Function(signature=signature, compute=compute)
            return compute

        return keep


def number(value: Any) -> float:
    """A plain number out of whatever numpy gave."""
    return float(value)


__all__ = ["Function", "Functions", "Kind", "Place", "Value", "number"]
