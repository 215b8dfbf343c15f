"""Handle batches and keep memory tidy."""
import gc


def handle(batch):
    return sum(len(item) for item in batch)


def main():
    kept = [[str(number)] * 3 for number in range(150_000)]
    total = 0
    for number in range(150):
        total += handle(kept[number : number + 50])
        gc.collect()  # cause
    print(total)


main()
