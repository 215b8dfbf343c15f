from __future__ import annotations

import pytest

from assay.observe.sampling.objects import Objects, kind_of
from assay.observe.sampling.sockets import Sockets
from assay.observe.sampling.syscalls import CALLS


@pytest.mark.parametrize(
    ("name", "kind"), [("/var/log/x", "file"), ("tcp:1.2.3.4:5", "tcp"), ("pipe", "pipe"), ("eventfd", "eventfd")]
)
def test_the_kind_of_an_object_is_what_stands_before_its_address(name: str, kind: str) -> None:
    assert kind_of(name) == kind


def test_what_can_not_be_read_has_no_name_and_is_no_error() -> None:
    objects = Objects(0, Sockets())
    assert objects.name(CALLS["read"], [3, 0, 0, 0, 0, 0], 1) is None
    assert objects.name(CALLS["poll"], [0xDEAD_BEEF, 3, 0, 0, 0, 0], 1) == "poll"
    assert objects.name(CALLS["select"], [1 << 40, 5, 5, 0, 0, 0], 1) == "select"
    assert objects.name(CALLS["epoll_wait"], [3, 0, 0, 0, 0, 0], 1) == "epoll"
    assert objects.name(CALLS["futex"], [0x1234, 0, 0, 0, 0, 0], 1) == "futex:0x1234@unknown"
