"""Keep a history with the newest entry in front."""


class History:
    def __init__(self):
        self.entries = []

    def add(self, entry):
        self.entries.insert(0, entry)  # cause


def main():
    history = History()
    for number in range(230_000):
        history.add((number, "visited"))
    print(len(history.entries))


if __name__ == "__main__":
    main()
