"""Rules as text, each good until a field is changed."""

from __future__ import annotations

GOOD: dict[str, str] = {
    "id": "hot",
    "title": "It is hot",
    "family": "cpu",
    "scope": "line",
    "when": "[share(cpu) > 0.5]",
    "confidence": "share(cpu)",
    "observation": "'{share(cpu)|percent} of the time was spent here.'",
    "meaning": "It is where the time goes.",
    "uncertainty": "It may be needed as it is.",
    "suggestions": "[Make it cheaper by doing less.]",
    "verification": "[Run it again and compare.]",
}


def make_rule(**changes: str | None) -> str:
    """The text of a file with one rule; a change to None leaves a field out."""
    fields = {**GOOD, **changes}
    lines = [f"  {name}: {value}" for name, value in fields.items() if value is not None]
    return "-" + "\n".join(lines)[1:] + "\n"
