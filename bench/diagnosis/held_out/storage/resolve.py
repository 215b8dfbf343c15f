"""Finds the file that each import of a project means, along a search path."""

import os
import random
import tempfile
from pathlib import Path

ENDINGS = (".so", ".py", ".pyi", "/__init__.py")


def make_tree(root: Path, folders: int, modules: int) -> list[str]:
    names = []
    for number in range(folders):
        folder = root / f"lib{number:02d}"
        folder.mkdir()
        for one in range(modules):
            (folder / f"mod{number:02d}_{one:02d}.py").write_text("value = 1\n")
            names.append(f"mod{number:02d}_{one:02d}")
    return names


class Resolver:
    def __init__(self, path: list[str]) -> None:
        self.path = path
        self.tried = 0

    def resolve(self, name: str) -> str | None:
        for folder in self.path:
            for ending in ENDINGS:
                self.tried += 1
                candidate = f"{folder}/{name}{ending}"
                if os.path.exists(candidate):  # cause
                    return candidate
        return None


def imports(names: list[str], count: int) -> list[str]:
    rng = random.Random(4)
    return [rng.choice(names) if rng.random() < 0.8 else f"missing{rng.randrange(50)}" for _ in range(count)]


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        names = make_tree(root, 30, 10)
        resolver = Resolver(sorted(str(one) for one in root.iterdir()))
        found = [resolver.resolve(name) for name in imports(names, 17_000)]
    print(resolver.tried, "tried,", sum(one is None for one in found), "missing")


if __name__ == "__main__":
    main()
