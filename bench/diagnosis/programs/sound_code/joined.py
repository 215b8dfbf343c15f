"""A large text, joined once."""


def page(rows):
    pieces = []
    for number in range(rows):
        pieces.append(f"<tr><td>{number}</td><td>{number * number}</td></tr>")
    return "\n".join(pieces)


print(sum(len(page(60_000)) for _ in range(70)))
