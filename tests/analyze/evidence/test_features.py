from __future__ import annotations

import pytest

from assay.analyze.evidence.features import features_of
from assay.analyze.shapes.words import FEATURES


@pytest.mark.parametrize(
    ("line", "present", "absent"),
    [
        ("if x in seen: pass", "membership", "loop"),
        ("if x in list(d): pass", "membership", "loop"),
        ("if x in d.values(): pass", "membership", "loop"),
        ("if x in d.keys(): pass", "call", "membership"),
        ("text += 'a'", "text_growth", "list_concat"),
        ("text = f'{text}{x}'", "text_growth", "list_concat"),
        ("data = data[size:]", "pop_front", "call"),
        ("data = data[-9:]", "subscript", "pop_front"),
        ("text = text + str(x)", "text_growth", "list_concat"),
        ("total += x", "augmented_add", "text_growth"),
        ("xs = xs + [x]", "list_concat", "text_growth"),
        ("y = queue.pop(0)", "pop_front", "loop"),
        ("y = queue.pop()", "call", "pop_front"),
        ("queue.insert(0, x)", "pop_front", "loop"),
        ("del queue[0]", "pop_front", "call"),
        ("queue = queue[1:]", "pop_front", "call"),
        ("a = np.append(a, x)", "array_append", "sort"),
        ("xs.append(x)", "call", "array_append"),
        ("ys = sorted(xs)", "sort", "regex"),
        ("m = re.match(p, s)", "regex", "sort"),
        ("m = p.match(s)", "call", "regex"),
        ("f.write(x); f.flush()", "flush", "read"),
        ("print(x, flush=True)", "flush", "read"),
        ("time.sleep(1)", "sleep", "read"),
        ("kept.append(x)", "keep", "array_append"),
        ("kept[key] = x", "keep", "append"),
        ("Thread(target=f).start()", "thread", "spawn"),
        ("import pandas", "import", "call"),
        ("rows.executemany(q, x)", "call", "query"),
        ("cursor.execute(q)", "query", "spawn"),
        ("subprocess.run(c)", "spawn", "query"),
        ("asyncio.run(main())", "call", "spawn"),
        ("raise ValueError", "raise", "call"),
        ("f = open(p)", "left_open", "lock"),
        ("with open(p) as f: pass", "open", "left_open"),
        ("with closing(socket.socket()) as s: pass", "call", "left_open"),
        ("for x in xs: await f(x)", "await_in_loop", "left_open"),
        ("for x in xs: await asyncio.gather(f(x))", "await", "await_in_loop"),
        ("async with asyncio.TaskGroup() as group: pass", "gathers", "await"),
        ("with lock: pass", "lock", "call"),
    ],
)
def test_what_stands_on_a_line_is_recognised(line: str, present: str, absent: str) -> None:
    found = features_of(f"import re\n{line}\n").get(2, frozenset())
    assert present in found
    assert absent not in found
    assert {one.rstrip("*") for one in found} <= set(FEATURES)


def test_loops_are_counted_within_their_function() -> None:
    text = "for a in x:\n    for b in y:\n        f(a)\n    def g():\n        return a\nz = [h(c) for c in d]\n"
    found = features_of(text)
    assert {"loop", "nested_loop"} <= found[3]
    assert "loop" not in found.get(5, frozenset())
    assert "loop" in found[6]
    assert "nested_loop" not in found[6]


def test_asking_a_handful_of_constants_is_no_search() -> None:
    assert "membership" not in features_of("y = x in (1, 2)\n").get(1, frozenset())


def test_a_call_of_the_function_around_is_recursion() -> None:
    assert "recursion" in features_of("def fib(n):\n    return fib(n - 1) + 1\n")[2]


def test_a_statement_over_several_lines_has_its_features_on_each() -> None:
    found = features_of("x = sorted(\n    a,\n    key=b,\n)\n")
    assert all("sort" in found[line] for line in (1, 2, 3, 4))


def test_handlers_are_seen_in_the_block_they_guard() -> None:
    found = features_of("try:\n    f()\nexcept ValueError:\n    pass\ng()\n")
    assert "handler" in found[2]
    assert "handler" not in found[5]


def test_what_is_no_python_has_no_features() -> None:
    assert features_of("int main() { return 0; }") == {}
    assert features_of("\0") == {}
    assert features_of("(" * 5000) == {}


def test_a_recursion_that_computes_things_twice_is_told_from_a_walk() -> None:
    twice = "def fib(n):\n    if n < 2:\n        return n\n    return fib(n - 1) + fib(n - 2)\n"
    assert "overlapping_recursion" in features_of(twice)[4]
    assert "overlapping_recursion" not in features_of("from functools import cache\n@cache\n" + twice).get(
        6, frozenset()
    )
    walk = "def walk(node):\n    for child in node.children:\n        walk(child)\n"
    assert "overlapping_recursion" not in features_of(walk)[3]
    table = "def f(n, known):\n    known[n] = f(n - 1, known) + f(n - 2, known)\n    return known[n]\n"
    assert "overlapping_recursion" not in features_of(table)[2]


def test_methods_of_compiled_patterns_are_recognised() -> None:
    assert "pattern_call" in features_of("m = WORD.match(text)\n")[1]


def test_going_through_a_list_that_grows_is_told_from_going_through_another() -> None:
    text = (
        "def f(xs):\n    seen = []\n    for x in xs:\n        seen.append(x)\n        g(sum(seen))\n        h(sum(x))\n"
    )
    found = features_of(text)
    assert "growing_total" in found[5]
    assert "growing_total" not in found[6]


def test_opening_to_read_is_told_from_opening_to_write() -> None:
    assert "open_to_read" in features_of("f = open(path)\n")[1]
    assert "open_to_read" in features_of("f = open(path, 'rb')\n")[1]
    assert "open_to_read" not in features_of("f = open(path, 'w')\n")[1]
    assert "open_to_read" not in features_of("f = open(path, mode='a+')\n")[1]


def stands(text: str, line: int, word: str) -> bool:
    return word in features_of(text).get(line, frozenset())


def test_what_a_loop_goes_through_is_found_once() -> None:
    assert stands("for x in sorted(y):\n    f(x)\n", 1, "sort")
    assert not stands("for x in sorted(y):\n    f(x)\n", 1, "sort*")
    assert not stands("rows = [x.split() for x in open(p)]\n", 1, "open_to_read*")
    assert stands("rows = [open(p) for p in paths]\n", 1, "open_to_read*")
    assert stands("rows = [x for p in paths for x in open(p)]\n", 1, "open_to_read*")


def test_a_loop_that_waits_for_something_differs_from_a_pause_between_steps() -> None:
    assert stands("while not ready():\n    time.sleep(1)\n", 2, "waiting_loop")
    assert stands("for _ in range(9):\n    time.sleep(1)\n    if ready():\n        break\n", 2, "waiting_loop")
    assert not stands("for x in xs:\n    send(x)\n    time.sleep(1)\n", 3, "waiting_loop")


def test_a_loop_that_only_asks_spins() -> None:
    assert stands("while not box:\n    if stopped:\n        break\n", 2, "spin")
    assert not stands("while box:\n    take(box)\n", 2, "spin")


def test_a_loop_that_only_compares_searches() -> None:
    text = "for a in xs:\n    for b in ys:\n        if a.key == b.key:\n            found.append(b)\n"
    assert stands(text, 3, "search_loop")
    assert not stands(text.replace("==", "<"), 3, "search_loop")
    assert not stands(text + "        else:\n            other(b)\n", 3, "search_loop")


def test_a_total_of_what_an_object_only_adds_to_grows() -> None:
    text = (
        "class Band:\n    def __init__(self):\n        self.seen = []\n"
        "    def add(self, x):\n        self.seen.append(x)\n        return sum(self.seen)\n"
    )
    assert stands(text, 6, "growing_total")
    assert stands(text.replace("sum(self.seen)", "max(abs(x) for x in self.seen)"), 6, "growing_total")
    assert not stands(text + "    def reset(self):\n        self.seen = []\n", 6, "growing_total")
    assert not stands(text.replace("= []", "= deque(maxlen=9)"), 6, "growing_total")
    assert not stands(text + "    def drop(self):\n        self.seen.pop()\n", 6, "growing_total")


def test_turning_the_element_of_a_loop_into_text_is_told() -> None:
    assert stands("for x in xs:\n    f.write(json.dumps(x))\n", 2, "serialise_element")
    assert not stands("for x in xs:\n    f.write(json.dumps(state))\n", 2, "serialise_element")


def test_a_look_up_by_going_through_elements_is_told_from_other_loops() -> None:
    text = "def find(xs, key):\n    for x in xs:\n        if x.key == key:\n            return x\n"
    assert stands(text, 2, "look_up")
    assert stands(text, 3, "look_up")
    assert not stands(text, 3, "look_up*")
    assert stands("for key in keys:\n    y = next(x for x in xs if x.key == key)\n", 2, "look_up*")
    assert stands("y = any(x.key == key for x in xs)\n", 1, "look_up")
    assert not stands("y = any(x.left == x.right for x in xs)\n", 1, "look_up")
    assert not stands(text.replace("return x", "count += 1"), 3, "look_up")
