"""Write a table as CSV text."""


class Export:
    def __init__(self):
        self.text = ""

    def row(self, cells):
        self.text += ",".join(cells) + "\n"  # cause


def main():
    export = Export()
    for number in range(24_000):
        export.row([str(number), "a fairly ordinary cell", "another"])
    print(len(export.text))


main()
