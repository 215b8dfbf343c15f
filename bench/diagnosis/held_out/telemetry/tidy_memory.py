"""Builds graphs of calls, one per request, and tidies up after each."""

import gc
import random


class Node:
    def __init__(self, name: str) -> None:
        self.name = name
        self.callers: list["Node"] = []
        self.callees: list["Node"] = []

    def call(self, other: "Node") -> None:
        self.callees.append(other)
        other.callers.append(self)


class Archive:
    """Totals of what was seen, kept for the whole run."""

    def __init__(self, size: int) -> None:
        self.entries = [{"id": number, "hits": [], "tags": {"kind": number % 7}} for number in range(size)]

    def hit(self, number: int, value: int) -> None:
        self.entries[number % len(self.entries)]["hits"].append(value)


def graph(size: int, rng: random.Random) -> list[Node]:
    nodes = [Node(f"f{number}") for number in range(size)]
    for node in nodes:
        node.call(rng.choice(nodes))
        node.call(rng.choice(nodes))
    return nodes


def handle(request: int, archive: Archive, rng: random.Random) -> int:
    nodes = graph(300, rng)
    busiest = max(nodes, key=lambda node: len(node.callers))
    archive.hit(request, len(busiest.callers))
    del nodes, busiest
    gc.collect()  # cause
    return request


def main() -> None:
    rng = random.Random(44)
    archive = Archive(60_000)
    done = [handle(request, archive, rng) for request in range(160)]
    print(len(done), "requests,", sum(len(entry["hits"]) for entry in archive.entries), "hits")


if __name__ == "__main__":
    main()
