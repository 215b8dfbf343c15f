"""Sort messages into categories by their own expressions."""
import re


def rules(count):
    return [rf"(?i)\b(order|invoice)-{number}(\d{{2,4}})?\b" for number in range(count)]


def classify(message, patterns):
    return [number for number, pattern in enumerate(patterns) if re.search(pattern, message)]  # cause


def main():
    patterns = rules(1500)
    found = 0
    for number in range(20):
        found += len(classify(f"please see order-{number} and invoice-{number * 7}", patterns))
    print(found)


main()
