"""Replays an access log against a table of routes."""

import random
import re
from collections import Counter

SECTIONS = ["users", "orders", "items", "carts", "reviews", "files", "teams", "tags", "rooms", "bills"]


class Router:
    def __init__(self) -> None:
        self.routes: dict[str, str] = {}

    def add(self, name: str, template: str) -> None:
        self.routes[name] = template

    @staticmethod
    def expression(template: str) -> str:
        return "^" + re.sub(r"<(\w+)>", r"(?P<\1>[^/]+)", template) + "/?$"

    def resolve(self, path: str):
        section = path.split("/")[2]
        for name, template in self.routes.items():
            if section not in template:
                continue
            found = re.match(self.expression(template), path)  # cause
            if found:
                return name, found.groupdict()
        return None


def build() -> Router:
    router = Router()
    for version in range(1, 31):
        for section in SECTIONS:
            for action in ("", "/edit", "/history", "/share/<person>", "/move/<target>"):
                router.add(f"{section}{action}:{version}", f"/v{version}/{section}/<key>{action}")
    return router


def requests(count: int, rng: random.Random):
    for _ in range(count):
        action = rng.choice(["", "/edit", "/history", "/share/ann", "/move/7"])
        yield f"/v{rng.randint(1, 30)}/{rng.choice(SECTIONS)}/{rng.randrange(9999)}{action}"


def main() -> None:
    rng = random.Random(8)
    router = build()
    seen: Counter[str] = Counter()
    lost = 0
    for path in requests(1500, rng):
        answer = router.resolve(path)
        if answer is None:
            lost += 1
        else:
            seen[answer[0].split(":")[0]] += 1
    print(lost, "lost")
    for name, count in seen.most_common(4):
        print(name, count)


if __name__ == "__main__":
    main()
