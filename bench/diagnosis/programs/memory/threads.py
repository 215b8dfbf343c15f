"""Start a watcher for each item."""
import threading

DONE = threading.Event()


def watch(item):
    DONE.wait(60)


def start(item):
    thread = threading.Thread(target=watch, args=(item,), daemon=True)
    thread.start()  # cause


def main():
    for item in range(350):
        start(item)
        sum(range(250_000))
    DONE.set()
    print("watched")


main()
