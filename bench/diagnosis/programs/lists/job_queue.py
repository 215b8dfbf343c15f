"""Work through a queue of jobs, each of which may add others."""


def seed(count):
    return list(range(count))


def drain(queue):
    done = 0
    while queue:
        job = queue.pop(0)  # cause
        done += job & 1
    return done


print(drain(seed(420_000)))
