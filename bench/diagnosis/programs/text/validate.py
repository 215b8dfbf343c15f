"""Check that lines are lists of words."""
import re

WORDS = re.compile(r"^(\w+\s?)*$")


def valid(line):
    return WORDS.match(line) is not None  # cause


def main():
    lines = ["alpha beta gamma"] * 200 + ["aaaaaaaaaaaaaaaaaaaaaaa!"] * 5
    print(sum(valid(line) for line in lines))


main()
