"""Append records to a journal."""
import os
import tempfile


def record(file, number):
    file.write(f"record {number}\n".encode())
    file.flush()
    os.fsync(file.fileno())  # cause


def main():
    path = os.path.join(os.getcwd(), f".journal-{os.getpid()}")
    try:
        with open(path, "wb") as file:
            for number in range(2500):
                record(file, number)
    finally:
        os.unlink(path)
    print("kept")


main()
