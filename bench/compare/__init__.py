"""Does the comparison keep its error rates, and what does it find? Simulated, with the rules of its peers."""

from __future__ import annotations
