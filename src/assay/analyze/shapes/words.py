"""The words for what stands on a line of Python source."""

from __future__ import annotations

FEATURES: dict[str, str] = {
    "loop": "It lies in a loop or comprehension of its function.",
    "waiting_loop": "It lies in a loop that goes on until something happens: `while`, or `for` that is left early.",
    "spin": "It lies in a `while` loop that has nothing in it but questions.",
    "search_loop": "It lies in a loop that only compares its elements with one of the loop around it.",
    "look_up": "It goes through elements until one equals what is asked for: a `for` that then ends, next() or any().",
    "nested_loop": "It lies in a loop within a loop of its function.",
    "call": "It calls something.",
    "membership": "It asks with `in` or `not in` for a member of something that has a name, or of a list made for it.",
    "index_search": "It calls .index(), .count() or .remove().",
    "augmented_add": "It adds to a variable with `+=`, or by `x = x + …`.",
    "text_growth": "It adds text to a variable with `+=`, or by `x = x + …`.",
    "list_concat": "It joins lists with `+`.",
    "pop_front": "It takes or puts the first element: .pop(0), .insert(0, …), del x[0], x = x[n:].",
    "array_append": "It grows an array or table by copying: append, concatenate, concat, hstack, vstack.",
    "sort": "It sorts: sorted(), .sort(), min() or max() with a key.",
    "regex": "It calls a function of the module re with a pattern.",
    "pattern_call": "It calls .match(), .search(), .sub() or the like, of a compiled pattern or of re.",
    "subscript": "It looks up by index or key.",
    "open": "It opens a file.",
    "open_to_read": "It opens a file to read it.",
    "left_open": "It opens a file, socket or connection outside a `with`.",
    "write": "It calls .write(), .writelines(), .send(), .sendall() or print().",
    "flush": "It flushes or syncs: .flush(), fsync(), print(…, flush=True).",
    "read": "It calls .read(), .readline(), .readlines() or .recv().",
    "sleep": "It sleeps.",
    "commit": "It commits a transaction.",
    "query": "It calls .execute() or .fetchone().",
    "connect": "It opens a connection: connect(), create_connection(), Session(), urlopen().",
    "spawn": "It starts processes: run(), Popen(), call(), check_output(), system(), Process().",
    "serialise": "It calls dump(), dumps(), load() or loads().",
    "serialise_element": "It calls dump(), dumps(), load() or loads() with the element of a loop.",
    "copy": "It calls copy() or deepcopy().",
    "log": "It calls a logger.",
    "collect": "It calls gc.collect().",
    "raise": "It raises.",
    "handler": "It lies in a try block that handles exceptions.",
    "await": "It awaits.",
    "await_in_loop": "It awaits one thing after the other in a loop of its function.",
    "gathers": "It starts tasks that run at the same time: gather(), create_task(), TaskGroup(), as_completed().",
    "lock": "It enters a `with` block or calls .acquire().",
    "recursion": "It calls the function it lies in.",
    "overlapping_recursion": "Its function calls itself twice or more with smaller arguments, and keeps no results.",
    "growing_total": "It goes through a list as a whole (sum, max, join …) that its function or class only adds to.",
    "parse_time": "It calls strptime() or a date parser.",
    "rows": "It goes over the rows of a table: iterrows(), itertuples(), apply(), .loc, .iloc, .at, .iat.",
    "thread": "It makes or starts a thread.",
    "keep": "It puts something into a container or an attribute: append(), add(), x[…] = …, setdefault().",
    "import": "It imports.",
    "submit": "It hands work to a pool: submit(), map(), apply_async(), imap(), starmap().",
    "stat": "It asks about files: exists(), stat(), isfile(), listdir(), glob(), walk().",
}
"""Every word that ``source(word)`` takes, and what it means."""

BUSIEST = "busiest"
"""Not a word of ``source()``: a rule about the whole run points at it where only the time of a line counts."""

REPEATED = "*"
"""Behind a feature: the code that has it lies in a loop of its function itself, not just on a line that has a loop."""
