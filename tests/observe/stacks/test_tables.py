from __future__ import annotations

from pathlib import Path

from assay.observe.stacks.tables import Row, StackTables
from assay.observe.stacks.tree import Frame, FrameTree
from tests.observe.collectors.targets import Sink

MAIN = Frame("main", "a.py", 3)


def test_rows_of_stacks_refer_to_rows_of_frames(tmp_path: Path) -> None:
    sink = Sink(tmp_path)
    tables = StackTables(sink)

    def read(tree: FrameTree) -> list[Row]:
        return [(time_ns, 5, 6, tree.stack([MAIN, Frame("work", "a.py", time_ns)]), None) for time_ns in (7, 8)]

    tables.add(read)
    tables.add(read)
    assert sink.tables["frames"].rows == [(-1, *MAIN), (0, "work", "a.py", 7), (0, "work", "a.py", 8)]
    assert sink.tables["stacks"].rows == [(7, 5, 6, 1, None), (8, 5, 6, 2, None)] * 2
    assert tables.rows == 4
