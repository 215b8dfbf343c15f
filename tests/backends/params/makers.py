from __future__ import annotations

from pathlib import Path

PACKAGE = """
import ctypes, enum, logging, warnings
from dataclasses import dataclass, field
from typing import Annotated, Literal, Optional

class Mode(enum.Enum):
    SLOW = "slow"
    FAST = "fast"

class Ge:
    def __init__(self, ge):
        self.ge = ge

@dataclass
class Options:
    size: Annotated[int, Ge(1)] = 4
    mode: Mode = Mode.SLOW
    names: Optional[list[str]] = None
    table: dict[str, int] = field(default_factory=dict)
    level: Literal["a", "b"] = "a"
    _hidden: int = 0

    def __post_init__(self):
        if self.size > 8 and self.mode == "fast":
            raise ValueError("too large to be fast")
        if self.level == "b" and self.names:
            warnings.warn("names are ignored")

    def start(self, threads):
        if threads < 1:
            raise RuntimeError("no threads")

def load(path: str, *, strict: bool = True, **kwargs):
    kwargs.pop("device", "cpu")
    if kwargs.get("half", False):
        logging.getLogger("mine").warning("half is slow")
    return path

class Plain(ctypes.Structure):
    _fields_ = [("count", ctypes.c_int32), ("share", ctypes.c_float), ("on", ctypes.c_bool), ("hook", ctypes.c_void_p)]

class Settable:
    def __init__(self):
        self._depth = 3
    depth = property(lambda self: self._depth)
    def add_entry(self): pass
"""

CATALOGUE = """
backend: mine
package: [another, mine]
surfaces:
  - {name: Options, way: fields, object: 'mine:Options'}
  - {name: load, way: popped, object: 'mine:load'}
  - {name: Plain, way: structure, object: 'mine:Plain'}
  - {name: Settable, way: properties, object: 'mine:Settable'}
  - {name: process, way: attributes}
  - {name: broken, way: fields, object: 'mine:Nothing'}
parameters:
  Options:
    size: {kind: int >= 1, touches: memory}
    mode: {kind: 'one of slow', touches: kernels}
    level: {kind: int, touches: kernels}
    vanished: {kind: int, touches: kernels}
  load:
    device: {kind: text, touches: memory}
  process:
    mine.Mode: {kind: object, touches: kernels}
irrelevant:
  Options: [names]
  load: [path, strict]
  Plain: [count, share, on, hook]
  Settable: [depth, add_entry]
rules:
  - {id: large, on: Options, when: {size: '> 8', mode: '= fast'}, answer: refuses, given: {size: 9, mode: fast}, why: x}
  - {id: named, on: Options, when: {level: '= b'}, answer: warns, given: {level: b, names: [x]}, why: x}
  - {id: i, on: Options, when: {size: '= 2'}, answer: takes, given: {size: 2}, replay: {then: [{start: [0]}]}, why: x}
  - {id: strict, on: load, when: {device: set}, answer: takes, given: {path: $MODEL, device: a}, why: x}
"""


def install(folder: Path) -> Path:
    """A package with its metadata, as an installer leaves them."""
    (folder / "mine.py").write_text(PACKAGE)
    metadata = folder / "mine-1.2.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: mine\nVersion: 1.2\n")
    return folder
