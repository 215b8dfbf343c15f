"""Several threads book into one ledger."""
import threading
import time

LOCK = threading.Lock()
LEDGER = []


def book(entries):
    for entry in range(entries):
        with LOCK:  # cause
            time.sleep(0.008)
            LEDGER.append(entry)


def main():
    threads = [threading.Thread(target=book, args=(90,)) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(len(LEDGER))


main()
