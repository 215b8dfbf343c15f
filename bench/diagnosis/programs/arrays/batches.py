"""Put lists of results together."""


def gather(batches):
    results = []
    for batch in batches:
        results = results + [item for item in batch]  # cause
    return results


print(len(gather([[number] * 20 for number in range(9_000)])))
