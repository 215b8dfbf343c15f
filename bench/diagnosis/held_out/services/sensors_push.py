"""Pushes readings of sensors to a collector over one connection."""

import argparse
import random
import socket
import struct
import threading

READING = struct.Struct("<Hf")


def collector(listener: socket.socket, sums: dict[int, float]) -> None:
    connection, _ = listener.accept()
    with connection:
        rest = b""
        while data := connection.recv(1 << 16):
            rest += data
            whole = len(rest) // READING.size * READING.size
            for sensor, value in READING.iter_unpack(rest[:whole]):
                sums[sensor] = sums.get(sensor, 0.0) + value
            rest = rest[whole:]


class Pusher:
    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def push(self, sensor: int, value: float) -> None:
        self.socket.sendall(READING.pack(sensor, value))  # cause

    def close(self) -> None:
        self.socket.close()


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--readings", type=int, default=1_000_000)
    options = parser.parse_args()
    sums: dict[int, float] = {}
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=collector, args=(listener, sums))
        thread.start()
        pusher = Pusher(listener.getsockname()[1])
        rng = random.Random(5)
        for number in range(options.readings):
            pusher.push(number % 40, rng.random())
        pusher.close()
        thread.join()
    print(len(sums), "sensors,", round(sum(sums.values()), 1))


if __name__ == "__main__":
    main()
