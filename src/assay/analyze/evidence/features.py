"""What stands on a line of Python source: shapes of code that a cause often has, found in the syntax tree."""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Callable, Iterator, Mapping

from assay.analyze.shapes.loops import ends_by_itself, looks_up, names_of, only_asks, searches
from assay.analyze.shapes.recursion import overlaps
from assay.analyze.shapes.totals import grown, grown_attributes
from assay.analyze.shapes.words import REPEATED

_BY_NAME: dict[str, str] = {
    **dict.fromkeys(("index", "count", "remove"), "index_search"),
    **dict.fromkeys(
        ("append", "concatenate", "concat", "hstack", "vstack", "column_stack", "row_stack"), "array_append"
    ),
    **dict.fromkeys(("sorted", "sort", "argsort"), "sort"),
    **dict.fromkeys(("open", "fdopen"), "open"),
    **dict.fromkeys(("write", "writelines", "print", "writerow", "send", "sendall", "sendto"), "write"),
    **dict.fromkeys(("flush", "fsync", "fdatasync"), "flush"),
    **dict.fromkeys(("read", "readline", "readlines", "recv", "recvfrom", "readinto"), "read"),
    "sleep": "sleep",
    "commit": "commit",
    **dict.fromkeys(("execute", "fetchone"), "query"),
    **dict.fromkeys(
        ("connect", "create_connection", "Session", "urlopen", "HTTPConnection", "open_connection"), "connect"
    ),
    **dict.fromkeys(
        ("Popen", "run", "call", "check_call", "check_output", "system", "popen", "Process", "fork"), "spawn"
    ),
    **dict.fromkeys(("dump", "dumps", "load", "loads"), "serialise"),
    **dict.fromkeys(("copy", "deepcopy"), "copy"),
    **dict.fromkeys(("debug", "info", "warning", "error", "exception", "log"), "log"),
    "collect": "collect",
    "acquire": "lock",
    **dict.fromkeys(("strptime", "parse", "fromisoformat"), "parse_time"),
    **dict.fromkeys(("iterrows", "itertuples", "apply", "items"), "rows"),
    **dict.fromkeys(("Thread", "Timer", "start_new_thread"), "thread"),
    **dict.fromkeys(("add", "setdefault", "appendleft", "extend"), "keep"),
    **dict.fromkeys(("import_module", "__import__"), "import"),
    **dict.fromkeys(("gather", "create_task", "ensure_future", "TaskGroup", "start_soon", "as_completed"), "gathers"),
    **dict.fromkeys(("submit", "map", "apply_async", "imap", "imap_unordered", "starmap"), "submit"),
    **dict.fromkeys(("exists", "stat", "isfile", "isdir", "listdir", "glob", "walk", "scandir", "lstat"), "stat"),
}
"""Features of calls by the last word of what is called."""

_ARRAY_OWNER = re.compile(r"^(np|numpy|pd|pandas|torch|tf|jnp|cupy|xp)$")
_OF_MANY = frozenset({"run", "call"})
_SPAWNERS = frozenset({"subprocess", "sp", ""})
"""Owners of run() and call() that start processes; many other things can be run."""
_REGEX_FUNCTIONS = frozenset({"compile", "match", "search", "fullmatch", "sub", "subn", "split", "findall", "finditer"})
_PATTERN_METHODS = frozenset({"match", "search", "fullmatch", "findall", "finditer", "sub", "subn"})
_WHOLE = frozenset(
    {"sum", "max", "min", "any", "all", "mean", "median", "stdev", "fsum", "list", "tuple", "set", "join"}
)
_MAKES_LIST = frozenset({"list", "tuple", "sorted", "values", "split", "splitlines", "readlines", "fetchall"})
_OPENERS = frozenset(
    {"open", "fdopen", "socket", "socketpair", "create_connection", "pipe", "memfd_create", "mkstemp", "TemporaryFile"}
    | {"NamedTemporaryFile", "dup", "ClientSession", "Session", "urlopen", "HTTPConnection", "Client"}
)
_COPIES_ALWAYS = frozenset({"concatenate", "concat", "hstack", "vstack", "column_stack", "row_stack"})
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_LOOPS = (ast.For, ast.AsyncFor, ast.While, *_COMPREHENSIONS)
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)


def features_of(text: str) -> Mapping[int, frozenset[str]]:
    """Features by line; empty where the text is no Python of this interpreter's grammar."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a stranger's source may hold odd escapes
            tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return {}
    found: dict[int, set[str]] = {}
    waiting: list[tuple[ast.AST, _Around]] = [(tree, _Around())]
    while waiting:
        node, around = waiting.pop()
        for feature in _features(node, around):
            for line in _lines(node):
                found.setdefault(line, set()).update((feature, feature + REPEATED) if around.loops else (feature,))
        waiting += [(child, inner) for child, inner in _children(node, around)]
    return {line: frozenset(features) for line, features in found.items()}


class _Around:
    """What an expression lies in."""

    __slots__ = ("asks", "elements", "function", "grown", "handled", "kept", "loops", "managed", "overlapping", "waits")

    def __init__(self, function: str = "") -> None:
        self.function = function
        self.overlapping = False
        self.grown: frozenset[str] = frozenset()
        self.kept: frozenset[str] = frozenset()
        self.elements: frozenset[str] = frozenset()
        self.loops = 0
        self.handled = False
        self.managed = False
        self.waits = False
        self.asks: str = ""

    def but(self, **changes: object) -> _Around:
        """The same, changed in that."""
        inner = _Around()
        for name in self.__slots__:
            setattr(inner, name, changes.get(name, getattr(self, name)))
        return inner


def _children(node: ast.AST, around: _Around) -> Iterator[tuple[ast.AST, _Around]]:
    inner = _inside(node, around)
    once = _evaluated_once(node)
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.comprehension):
            for part in ast.iter_child_nodes(child):
                yield part, around if part is once else inner
        else:
            yield child, around if child is once else inner


def _evaluated_once(node: ast.AST) -> ast.expr | None:
    """What a loop goes through, which is found before it begins."""
    if isinstance(node, ast.For | ast.AsyncFor):
        return node.iter
    return node.generators[0].iter if isinstance(node, _COMPREHENSIONS) else None


def _inside(node: ast.AST, around: _Around) -> _Around:
    if isinstance(node, _FUNCTIONS):
        inner = _Around(getattr(node, "name", ""))
        return inner.but(overlapping=overlaps(node), grown=grown(node), kept=around.kept)
    if isinstance(node, ast.ClassDef):
        return around.but(kept=grown_attributes(node))
    if isinstance(node, _LOOPS):
        return _in_loop(node, around)
    if isinstance(node, ast.Try) and node.handlers:
        return around.but(handled=True, managed=False)
    if isinstance(node, ast.withitem):
        return around.but(managed=True)
    return around


def _in_loop(node: ast.AST, around: _Around) -> _Around:
    asks = "spin" if only_asks(node) else "search_loop" if searches(node, around.elements) else ""
    targets = [node.target] if isinstance(node, ast.For | ast.AsyncFor) else []
    targets += [one.target for one in getattr(node, "generators", ())]
    return around.but(
        loops=around.loops + 1,
        managed=False,
        waits=around.waits or ends_by_itself(node),
        asks=asks,
        elements=around.elements.union(*map(names_of, targets)),
    )


def _lines(node: ast.AST) -> range:
    """Lines of an expression or simple statement; of a block its first line only, but of a search its question too."""
    first = getattr(node, "lineno", 0)
    last = first if isinstance(node, _BLOCKS) else getattr(node, "end_lineno", first) or first
    if isinstance(node, ast.For) and looks_up(node):
        last = node.body[0].lineno
    return range(first, min(last, first + 30) + 1) if first else range(0)


_BLOCKS = (*_FUNCTIONS, ast.For, ast.AsyncFor, ast.While, ast.If, ast.With, ast.AsyncWith, ast.Try, ast.ClassDef)


def _features(node: ast.AST, around: _Around) -> Iterator[str]:
    if isinstance(node, ast.expr | ast.stmt):
        yield from _surroundings(around)
    reader = _READERS.get(type(node))
    if reader is not None:
        yield from reader(node)
    if isinstance(node, ast.Call):
        yield from _of_call_there(node, around)
    if isinstance(node, ast.Await) and around.loops and not _gathers(node.value):
        yield "await_in_loop"
    if isinstance(node, ast.expr | ast.stmt) and around.overlapping:
        yield "overlapping_recursion"
    if looks_up(node):
        yield "look_up"


def _of_call_there(node: ast.Call, around: _Around) -> Iterator[str]:
    name = _called(node)
    if around.function and name == around.function:
        yield "recursion"
    if name in _WHOLE and (_takes(node, around.kept) or (around.loops and _takes(node, around.grown))):
        yield "growing_total"
    if name in _OPENERS and not around.managed:
        yield "left_open"
    if _BY_NAME.get(name) == "serialise" and _takes(node, around.elements):
        yield "serialise_element"


def _gathers(node: ast.expr) -> bool:
    """Whether several things are awaited at once."""
    return isinstance(node, ast.Call) and _called(node) in ("gather", "wait", "as_completed")


def _takes(node: ast.Call, names: frozenset[str]) -> bool:
    """Whether a call is given one of these as a whole, as it is or through a generator."""
    given = [one.generators[0].iter if isinstance(one, _COMPREHENSIONS) else one for one in node.args]
    return any(ast.unparse(argument) in names for argument in given)


def _surroundings(around: _Around) -> Iterator[str]:
    if around.loops:
        yield "loop"
    if around.loops > 1:
        yield "nested_loop"
    if around.handled:
        yield "handler"
    if around.waits:
        yield "waiting_loop"
    if around.asks:
        yield around.asks


def _called(node: ast.Call) -> str:
    match node.func:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return ""


def _owner(node: ast.Call) -> str:
    match node.func:
        case ast.Attribute(value=ast.Name(id=name)):
            return name
    return ""


def _of_call(node: ast.Call) -> Iterator[str]:
    yield "call"
    name, owner = _called(node), _owner(node)
    feature = _BY_NAME.get(name)
    if feature == "array_append":
        yield feature if _ARRAY_OWNER.match(owner) or name in _COPIES_ALWAYS else "keep"
    elif feature is not None and (name not in _OF_MANY or owner in _SPAWNERS):
        yield feature
    if owner == "re" and name in _REGEX_FUNCTIONS:
        yield "regex"
    if name in _PATTERN_METHODS:
        yield "pattern_call"
    yield from _by_arguments(name, node)


def _by_arguments(name: str, node: ast.Call) -> Iterator[str]:
    keywords = {keyword.arg for keyword in node.keywords}
    if name in ("pop", "insert") and node.args and _is_number(node.args[0], 0):
        yield "pop_front"
    if name in ("open", "read_text", "read_bytes", "loadtxt", "read_csv") and not _writes(node):
        yield "open_to_read"
    if name in ("min", "max") and "key" in keywords:
        yield "sort"
    if name == "print" and "flush" in keywords:
        yield "flush"


def _writes(node: ast.Call) -> bool:
    """Whether a call of open() asks for writing."""
    given = [*node.args[1:2], *(keyword.value for keyword in node.keywords if keyword.arg == "mode")]
    modes = [one.value for one in given if isinstance(one, ast.Constant) and isinstance(one.value, str)]
    return any(set(mode) & set("wax+") for mode in modes)


def _of_compare(node: ast.Compare) -> Iterator[str]:
    for operator, right in zip(node.ops, node.comparators, strict=True):
        if isinstance(operator, ast.In | ast.NotIn) and _is_collection(right):
            yield "membership"


def _is_collection(node: ast.expr) -> bool:
    """Whether it may be a list: something with a name, or a call that makes one."""
    if isinstance(node, ast.Call):
        return _called(node) in _MAKES_LIST
    return isinstance(node, ast.Name | ast.Attribute | ast.Subscript)


def _of_augmented(node: ast.AugAssign) -> Iterator[str]:
    if isinstance(node.op, ast.Add):
        yield "augmented_add"
        if _is_text(node.value):
            yield "text_growth"
        if isinstance(node.value, ast.List | ast.ListComp):
            yield "list_concat"


def _of_assignment(node: ast.Assign) -> Iterator[str]:
    value = node.value
    for target in node.targets:
        if isinstance(target, ast.Subscript):
            yield "keep"
        if isinstance(value, ast.BinOp) and isinstance(value.op, ast.Add) and _same(target, _leftmost(value)):
            yield "augmented_add"
            if _mentions_text(value):
                yield "text_growth"
        if isinstance(value, ast.Subscript) and _same(target, value.value) and _drops_first(value.slice):
            yield "pop_front"
        if isinstance(value, ast.JoinedStr) and any(_same(target, part) for part in _parts(value)):
            yield from ("augmented_add", "text_growth")


def _of_sum(node: ast.BinOp) -> Iterator[str]:
    sides = (node.left, node.right)
    if isinstance(node.op, ast.Add) and any(isinstance(side, ast.List | ast.ListComp) for side in sides):
        yield "list_concat"


def _of_deletion(node: ast.Delete) -> Iterator[str]:
    for target in node.targets:
        if isinstance(target, ast.Subscript) and _is_number(target.slice, 0):
            yield "pop_front"


def _leftmost(node: ast.expr) -> ast.expr:
    while isinstance(node, ast.BinOp):
        node = node.left
    return node


def _same(left: ast.expr, right: ast.expr) -> bool:
    plain = isinstance(left, ast.Name | ast.Attribute)
    return plain and ast.unparse(left) == ast.unparse(right)


def _parts(text: ast.JoinedStr) -> list[ast.expr]:
    return [part.value for part in text.values if isinstance(part, ast.FormattedValue)]


def _drops_first(index: ast.expr) -> bool:
    """Whether a slice leaves out the first elements: one, or as many as were used."""
    if not isinstance(index, ast.Slice) or index.upper is not None or index.step is not None:
        return False
    return index.lower is not None and not isinstance(index.lower, ast.UnaryOp)


def _is_number(node: ast.expr | None, value: int) -> bool:
    return isinstance(node, ast.Constant) and node.value == value and not isinstance(node.value, bool)


def _is_text(node: ast.expr) -> bool:
    if isinstance(node, ast.BinOp):
        return _is_text(node.left) or _is_text(node.right)
    if isinstance(node, ast.Call):
        return _called(node) in ("str", "format", "join", "repr", "chr", "hex")
    return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str | bytes))


def _mentions_text(node: ast.BinOp) -> bool:
    return _is_text(node.right) or _is_text(node.left)


def _one(feature: str) -> Callable[[ast.AST], Iterator[str]]:
    return lambda _node: iter((feature,))


_READERS: dict[type[ast.AST], Callable[..., Iterator[str]]] = {
    ast.Call: _of_call,
    ast.Compare: _of_compare,
    ast.AugAssign: _of_augmented,
    ast.Assign: _of_assignment,
    ast.BinOp: _of_sum,
    ast.Delete: _of_deletion,
    ast.Subscript: _one("subscript"),
    ast.Raise: _one("raise"),
    ast.Await: _one("await"),
    ast.Import: _one("import"),
    ast.ImportFrom: _one("import"),
    ast.With: _one("lock"),
    ast.AsyncWith: _one("lock"),
}
