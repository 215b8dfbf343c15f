from __future__ import annotations

import os
import socket

import pytest

from assay.observe.sampling.sockets import UNKNOWN, Networks, parse_table

TCP = b"""\
  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 101 1
   1: 0100007F:1F90 0200007F:C350 01 00000000:00000000 00:00000000 00000000     0        0 102 1
   2: broken
"""
TCP6 = b"""\
  sl  local_address                         remote_address                        st tx_queue rx_queue
   0: 00000000000000000000000001000000:0050 0000000000000000FFFF00000100007F:01BB 01 0:0 00:0 0 0 0 103 1
"""


def test_the_other_end_is_named_and_a_listening_socket_by_its_own() -> None:
    assert parse_table("tcp", TCP) == {101: "tcp:listening:127.0.0.1:8080", 102: "tcp:127.0.0.2:50000"}
    assert parse_table("tcp", TCP6) == {103: "tcp:127.0.0.1:443"}
    assert parse_table("tcp", TCP6.replace(b"FFFF0000", b"B80D0120")) == {103: "tcp:[::2001:db8:7f00:1]:443"}


@pytest.mark.parametrize("family", [socket.AF_INET, socket.AF_UNIX])
def test_our_own_sockets_are_found(family: socket.AddressFamily) -> None:
    ours, theirs = socket.socketpair() if family == socket.AF_UNIX else _connected()
    inode = os.fstat(ours.fileno()).st_ino
    name = Networks().of(os.getpid()).name_of(inode, os.getpid(), 1)
    assert name == ("unix" if family == socket.AF_UNIX else f"tcp:127.0.0.1:{theirs.getsockname()[1]}")
    ours.close()
    theirs.close()


def test_a_socket_that_is_not_in_the_tables_has_no_name() -> None:
    assert Networks().of(os.getpid()).name_of(1, os.getpid(), 1) == UNKNOWN


def _connected() -> tuple[socket.socket, socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        ours = socket.create_connection(server.getsockname())
        theirs, _ = server.accept()
    return ours, theirs
