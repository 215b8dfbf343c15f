from __future__ import annotations

from assay.analyze.functions.declare import Functions, Kind, Place, Value, number


def test_a_declared_function_keeps_its_docstring_as_its_meaning() -> None:
    group = Functions()

    @group.declare("twice", Kind.NUMBER, needs="stacks threads", unit="s")
    def twice(_place: Place, value: float) -> Value:
        """Twice
        the value."""
        return 2 * value

    signature = group.table["twice"].signature
    assert signature.meaning == "Twice the value."
    assert signature.needs == {"stacks", "threads"}
    assert (signature.unit, signature.returns, signature.parameters) == ("s", Kind.NUMBER, (Kind.NUMBER,))
    assert group.table["twice"].compute is twice


def test_numbers_of_numpy_become_plain_ones() -> None:
    assert type(number(3)) is float
