"""Asks a service for the price of each article."""

import argparse
import os
import socket
import subprocess
import sys
import textwrap

SERVER = textwrap.dedent(
    """
    import sys; sys.path.insert(0, sys.argv[1])
    import echo_service, time
    print(echo_service.start(0.006)[1], flush=True)
    time.sleep(120)
    """
)


class Client:
    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.lines = self.socket.makefile("rb")

    def price(self, article: str) -> float:
        self.socket.sendall(f"{article}\n".encode())
        answer = self.lines.readline().decode()  # cause
        return (sum(map(ord, answer)) % 1000) / 10

    def close(self) -> None:
        self.lines.close()
        self.socket.close()


def articles(count: int) -> list[str]:
    return [f"article-{number * 7919 % 10007}" for number in range(count)]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--articles", type=int, default=450)
    options = parser.parse_args()
    here = os.path.dirname(os.path.abspath(__file__))
    with subprocess.Popen([sys.executable, "-c", SERVER, here], stdout=subprocess.PIPE, text=True) as server:
        try:
            client = Client(int(server.stdout.readline()))
            prices = {article: client.price(article) for article in articles(options.articles)}
            client.close()
        finally:
            server.terminate()
    print(len(prices), "prices, mean", round(sum(prices.values()) / len(prices), 2))


if __name__ == "__main__":
    main()
