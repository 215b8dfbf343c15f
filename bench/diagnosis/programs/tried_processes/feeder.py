"""One process prepares pieces of work for others, which are soon done with them."""
import multiprocessing
import random


def work(pipe):
    while (piece := pipe.recv()) is not None:
        pipe.send(len(piece))


def prepare(source):
    return [source.randrange(1000) * source.random() for _ in range(90_000)]


def main():
    context = multiprocessing.get_context("fork")
    pairs = [context.Pipe() for _ in range(3)]
    workers = [context.Process(target=work, args=(theirs,)) for _, theirs in pairs]
    for worker in workers:
        worker.start()
    source, total = random.Random(1), 0
    for number in range(100):
        ours = pairs[number % 3][0]
        ours.send(str(sum(prepare(source))))
        total += ours.recv()
    for ours, _ in pairs:
        ours.send(None)
    print(total)


main()
