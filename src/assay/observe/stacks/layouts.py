"""Where the fields of CPython's structures lie: a table for each version, and from 3.13 on what the target itself says.

The numbers come from ``offsetof`` over the headers of each version (x86-64 and aarch64 agree in them). Within a minor
version they do not change. Fields are those of ``native/stacks/include/assay/stacks/layout.h``, in its order.
"""

from __future__ import annotations

import platform
import struct
from array import array
from typing import NamedTuple

_ABSENT = -1


class Layout(NamedTuple):
    """Distances in bytes; -1 where a version has no such field."""

    runtime_interpreters: int
    interpreter_next: int
    interpreter_threads: int
    thread_next: int
    thread_pthread: int
    thread_native: int
    thread_frame: int
    cframe_frame: int
    frame_code: int
    frame_previous: int
    frame_instruction: int
    frame_owner: int
    instruction_unit: int
    owner_none: int
    code_name: int
    code_filename: int
    code_first_line: int
    code_lines: int
    code_instructions: int
    text_ascii: int
    text_compact: int
    pthread_tid: int = {"x86_64": 0x2D0, "aarch64": 0xD0}.get(platform.machine(), 0)
    code_type: int = 0
    minor_version: int = 0

    def packed(self) -> array[int]:
        """As the native core takes it."""
        return array("q", self)


_3_8 = Layout(
    runtime_interpreters=32,
    interpreter_next=0,
    interpreter_threads=8,
    thread_next=8,
    thread_pthread=176,
    thread_native=_ABSENT,
    thread_frame=24,
    cframe_frame=_ABSENT,
    frame_code=32,
    frame_previous=24,
    frame_instruction=104,
    frame_owner=_ABSENT,
    instruction_unit=1,
    owner_none=_ABSENT,
    code_name=112,
    code_filename=104,
    code_first_line=40,
    code_lines=120,
    code_instructions=_ABSENT,
    text_ascii=48,
    text_compact=72,
)
_3_11 = Layout(
    runtime_interpreters=40,
    interpreter_next=0,
    interpreter_threads=16,
    thread_next=8,
    thread_pthread=152,
    thread_native=160,
    thread_frame=56,
    cframe_frame=8,
    frame_code=32,
    frame_previous=48,
    frame_instruction=56,
    frame_owner=69,
    instruction_unit=0,
    owner_none=_ABSENT,
    code_name=128,
    code_filename=112,
    code_first_line=72,
    code_lines=136,
    code_instructions=184,
    text_ascii=48,
    text_compact=72,
)
_3_12 = _3_11._replace(
    interpreter_threads=72,
    thread_pthread=136,
    thread_native=144,
    cframe_frame=0,
    frame_code=0,
    frame_previous=8,
    frame_owner=70,
    owner_none=3,
    code_first_line=68,
    code_instructions=192,
    text_ascii=40,
    text_compact=56,
)
LAYOUTS: dict[tuple[int, int], Layout] = {
    (3, 8): _3_8,
    (3, 9): _3_8,
    (3, 10): _3_8._replace(frame_instruction=96, instruction_unit=2),
    (3, 11): _3_11,
    (3, 12): _3_12,
}
"""By minor version."""

_COOKIE = b"xdebugpy"
_3_13 = struct.Struct("<8sQQ 3Q 13Q 9Q 6Q 10Q 2Q 4Q 3Q 3Q 3Q 2Q 3Q 3Q 4Q")
"""``_Py_DebugOffsets`` of 3.13: it stands at the beginning of ``_PyRuntime``."""
SELF_DESCRIPTION_BYTES = _3_13.size


def layout_of(version: tuple[int, int], self_description: bytes) -> Layout | None:
    """The layout of an interpreter, given the first bytes of its ``_PyRuntime``; None where none is known."""
    layout = _described(self_description) if version == (3, 13) else LAYOUTS.get(version)
    return layout and layout._replace(minor_version=version[1])


def _described(text: bytes) -> Layout | None:
    """What 3.13 says about itself; nothing for a build without the global lock, whose objects look different."""
    if len(text) < _3_13.size or text[:8] != _COOKIE:
        return None
    _, version, free_threaded, *fields = _3_13.unpack_from(text)
    if version >> 16 != 0x030D or free_threaded:
        return None
    runtime, interpreter, thread = fields[:3], fields[3:16], fields[16:25]
    frame, code, rest = fields[25:31], fields[31:41], fields[41:]
    ascii_size = rest[-1]
    return Layout(
        runtime_interpreters=runtime[2],
        interpreter_next=interpreter[2],
        interpreter_threads=interpreter[3],
        thread_next=thread[2],
        thread_pthread=thread[5],
        thread_native=thread[6],
        thread_frame=thread[4],
        cframe_frame=_ABSENT,
        frame_code=frame[2],
        frame_previous=frame[1],
        frame_instruction=frame[3],
        frame_owner=frame[5],
        instruction_unit=0,
        owner_none=3,
        code_name=code[3],
        code_filename=code[1],
        code_first_line=code[5],
        code_lines=code[4],
        code_instructions=code[9],
        text_ascii=ascii_size,
        text_compact=ascii_size + 16,
    )
