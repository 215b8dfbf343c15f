"""Report the mean of all measurements after each new one."""


def reports(values):
    history, means = [], []
    for value in values:
        history.append(value)
        means.append(sum(history) / len(history))  # cause
    return means


def main():
    values = [float(number % 97) for number in range(28_000)]
    print(reports(values)[-1])


main()
