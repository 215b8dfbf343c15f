"""A gateway that keeps a connection to every device it has heard of."""

import random
import socket
import time


class Device:
    def __init__(self, number: int) -> None:
        self.number = number
        self.readings: list[float] = []

    def read(self, rng: random.Random) -> bytes:
        self.readings = [rng.gauss(20, 2) for _ in range(600)]
        return repr(max(self.readings)).encode()


class Link:
    """A pair of sockets between gateway and device."""

    def __init__(self) -> None:
        self.here, self.there = socket.socketpair()  # cause

    def carry(self, data: bytes) -> bytes:
        self.there.sendall(data)
        return self.here.recv(64)


class Gateway:
    def __init__(self) -> None:
        self.links: list[Link] = []
        self.highest = 0.0

    def hear(self, device: Device, rng: random.Random) -> None:
        link = Link()
        self.highest = max(self.highest, float(link.carry(device.read(rng))))
        self.links.append(link)


def main() -> None:
    rng = random.Random(12)
    gateway = Gateway()
    started = time.monotonic()
    for number in range(450):
        gateway.hear(Device(number), rng)
        if number % 3 == 0:
            time.sleep(0.012)
    print(len(gateway.links), "links, highest", round(gateway.highest, 2), time.monotonic() > started)


if __name__ == "__main__":
    main()
