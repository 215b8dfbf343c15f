"""Compute for a while, alone: something for the rules that judge the measurement."""


def settle(rounds):
    value = 1
    for step in range(rounds):
        value = (value * 31 + step) % 1_000_003
    return value


print(settle(60_000_000))
