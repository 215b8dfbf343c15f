"""Structure-aware damage to a valid document: every kind of thing that goes wrong in a JSON file, at a chosen place."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Callable, Iterator
from typing import Any

Path = tuple[str | int, ...]

NUMBERS = ("-1", "0", "-0.0", "0.5", "1e308", "1e999", "-1e999", "1e-400", "9223372036854775807", "9223372036854775808")
HUGE = ("1" + "0" * 400, "-" + "9" * 30, "1." + "1" * 400, "1e" + "9" * 20)
WORDS = ("NaN", "Infinity", "-Infinity", "nan", "undefined", "None", "True", "'x'", "0x10", "01", "+1", ".5", "1.", "")
TEXTS = (
    '""',
    '"a\\u0000b"',
    '"\\ud800"',
    '"\\udc00\\ud800"',
    '"a\\nb"',
    '"\\u001b[31m"',
    '"\\u202e"',
    '"\\u2028"',
    '"../../etc/passwd"',
    '"/etc/passwd"',
    '"a//b"',
    '"./a"',
    '"a/.."',
    '"run.json"',
    '"x\\n"',
    '"' + "x" * 600 + '"',
    '"' + "x" * 70000 + '"',
    '"measured"',
    '"missing"',
    '"9.9.9"',
    '"💥"',
)
SHAPES = ("null", "true", "[]", "{}", "[null]", '[{"a":1}]', '{"origin":"measured"}', '{"":0}', "[" * 40 + "]" * 40)
DEEP = ("[" * 20000 + "]" * 20000, '{"a":' * 20000 + "1" + "}" * 20000, "[" * 5000, '{"a":' * 5000)
KEYS = ("x", "", "id", "origin", "value", "__class__", "a\\nb", "a/b~c", "\\u0000", "💥", "k" * 300)


def paths_of(value: Any, path: Path = ()) -> Iterator[Path]:
    """Every place below ``value``."""
    items: Any = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        yield (*path, key)
        yield from paths_of(inner, (*path, key))


def mutations(document: dict[str, Any], count: int, seed: int) -> Iterator[bytes]:
    """``count`` damaged texts; one seed gives the same texts."""
    chance = random.Random(seed)
    places = list(paths_of(document))
    kinds = [*_KINDS, *_KINDS[:2]]
    for number in range(count):
        kind = kinds[number % len(kinds)]
        yield kind(document, chance.choice(places), chance)


def _put(document: dict[str, Any], path: Path, text: str) -> bytes:
    """The document with JSON (or other) text in a place."""
    return _edited(document, path, lambda parent, key: parent.__setitem__(key, "<here>"), text)


def _edited(document: dict[str, Any], path: Path, edit: Callable[[Any, Any], object], text: str = "") -> bytes:
    changed = copy.deepcopy(document)
    parent: Any = changed
    for key in path[:-1]:
        parent = parent[key]
    edit(parent, path[-1])
    return json.dumps(changed).replace('"<here>"', text).encode("utf-8", "surrogatepass")


def _at(document: Any, path: Path) -> Any:
    for key in path:
        document = document[key]
    return document


def _other_shape(document: dict[str, Any], path: Path, chance: random.Random) -> bytes:
    return _put(document, path, chance.choice(SHAPES))


def _other_text(document: dict[str, Any], path: Path, chance: random.Random) -> bytes:
    return _put(document, path, chance.choice(TEXTS))


def _other_number(document: dict[str, Any], path: Path, chance: random.Random) -> bytes:
    return _put(document, path, chance.choice((*NUMBERS, *HUGE)))


def _no_json(document: dict[str, Any], path: Path, chance: random.Random) -> bytes:
    return _put(document, path, chance.choice(WORDS))


def _too_deep(document: dict[str, Any], path: Path, chance: random.Random) -> bytes:
    return _put(document, path, chance.choice(DEEP))


def _from_elsewhere(document: dict[str, Any], path: Path, chance: random.Random) -> bytes:
    other = _at(document, chance.choice(list(paths_of(document))))
    return _put(document, path, json.dumps(other))


def _removed(document: dict[str, Any], path: Path, chance: random.Random) -> bytes:
    return _edited(document, path, lambda parent, key: parent.pop(key))


def _unknown_key(document: dict[str, Any], path: Path, chance: random.Random) -> bytes:
    while not isinstance(_at(document, path), dict):
        path = path[:-1]
    return _put(document, (*path, "<key>"), "1").replace(b"<key>", chance.choice(KEYS).encode())


def _key_twice(document: dict[str, Any], path: Path, chance: random.Random) -> bytes:
    while not (path and isinstance(_at(document, path[:-1]), dict)):
        path = path[:-1]
    again = json.dumps(_at(document, path))
    return _put(document, path, f"{again}, {json.dumps(path[-1])}: {again}")


def _row_again(document: dict[str, Any], path: Path, chance: random.Random) -> bytes:
    while path and not isinstance(_at(document, path[:-1]), list):
        path = path[:-1]
    return (
        _edited(document, path, lambda rows, key: rows.extend([rows[key]] * chance.choice((1, 3, 500))))
        if path
        else b""
    )


def _bytes_damaged(document: dict[str, Any], path: Path, chance: random.Random) -> bytes:
    data = bytearray(json.dumps(document).encode())
    for _ in range(chance.choice((1, 1, 2, 20))):
        data[chance.randrange(len(data))] = chance.randrange(256)
    return bytes(data)


def _cut(document: dict[str, Any], path: Path, chance: random.Random) -> bytes:
    data = json.dumps(document).encode()
    return data[: chance.randrange(len(data))]


def _wrapped(document: dict[str, Any], path: Path, chance: random.Random) -> bytes:
    data = json.dumps(document).encode()
    return chance.choice(
        (
            b"\xef\xbb\xbf" + data,
            data.decode().encode("utf-16"),
            data + b"\0",
            data + data,
            b"[" + data + b"]",
            data + b" x",
            data.replace(b" ", b"\xa0"),
            data.replace(b'"', b"'"),
            data.replace(b"}", b",}"),
            b" " * 70000 + data,
        )
    )


_KINDS: tuple[Callable[[dict[str, Any], Path, random.Random], bytes], ...] = (
    _other_shape,
    _other_number,
    _other_text,
    _removed,
    _unknown_key,
    _key_twice,
    _row_again,
    _from_elsewhere,
    _no_json,
    _too_deep,
    _bytes_damaged,
    _cut,
    _wrapped,
)
