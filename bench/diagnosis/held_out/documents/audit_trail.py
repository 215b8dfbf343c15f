"""An editor's session that notes when the document has really changed."""

import argparse
import hashlib
import json
import random


class Document:
    def __init__(self, paragraphs: int, rng: random.Random) -> None:
        self.content = {
            f"p{number}": {"text": f"Paragraph {number} " * 4, "style": rng.choice("abc"), "weight": rng.random()}
            for number in range(paragraphs)
        }

    def edit(self, number: int, text: str) -> None:
        self.content[f"p{number}"]["text"] = text


class Trail:
    """Keeps the fingerprint of each state."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.prints: list[str] = []

    def note(self) -> bool:
        text = json.dumps(self.document.content, sort_keys=True)  # cause
        print_ = hashlib.sha256(text.encode()).hexdigest()
        if self.prints and self.prints[-1] == print_:
            return False
        self.prints.append(print_)
        return True


def keystrokes(count: int, paragraphs: int, rng: random.Random):
    for number in range(count):
        yield rng.randrange(paragraphs), f"typed {number // 2}" if number % 3 else "cleared"


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--strokes", type=int, default=2200)
    parser.add_argument("--paragraphs", type=int, default=1200)
    options = parser.parse_args()
    rng = random.Random(77)
    document = Document(options.paragraphs, rng)
    trail = Trail(document)
    changed = 0
    for number, text in keystrokes(options.strokes, options.paragraphs, rng):
        document.edit(number, text)
        changed += trail.note()
    print(changed, "changes,", len(trail.prints), "states")


if __name__ == "__main__":
    main()
