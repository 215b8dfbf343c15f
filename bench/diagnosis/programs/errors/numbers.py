"""Sum the numbers among many words."""


def number_of(word):
    try:
        return int(word)  # cause
    except ValueError:
        return 0


def main():
    words = ["seven", "n/a", "-", "12"] * 900_000
    print(sum(number_of(word) for word in words))


main()
