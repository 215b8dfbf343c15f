from __future__ import annotations

from assay.backends.backend import Generator


def test_a_generator_is_known_by_what_it_does() -> None:
    class Generates:
        described = None
        load_ns = 0
        remarks = ()

        def generate(self) -> None: ...

        def close(self) -> None: ...

    class Profiles:
        described = None

        def profile(self) -> None: ...

        def close(self) -> None: ...

    assert isinstance(Generates(), Generator)
    assert not isinstance(Profiles(), Generator)
