"""The language in which patterns state their conditions: comparisons, logic, arithmetic and calls; nothing else."""

from __future__ import annotations

from assay.analyze.grammar.check import Kind, Signature, Vocabulary, check
from assay.analyze.grammar.evaluate import Condition, Values, evaluate, judge
from assay.analyze.grammar.parse import parse
from assay.analyze.grammar.tree import GrammarError, Node, written

__all__ = [
    "Condition",
    "GrammarError",
    "Kind",
    "Node",
    "Signature",
    "Values",
    "Vocabulary",
    "check",
    "evaluate",
    "judge",
    "parse",
    "written",
]
