"""Sort many messages with expressions that are made anew for each of them."""
import re


def kinds(message):
    return [number for number in range(700) if re.search(rf"(?i)\border-{number}(\d{{2,4}})?\b", message)]


print(sum(len(kinds(f"please see order-{number}")) for number in range(90)))
