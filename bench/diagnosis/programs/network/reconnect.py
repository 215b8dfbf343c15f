"""Ask a service about many items, politely."""
import socket

import backend


def ask(address, item):
    with socket.create_connection(address) as connection:  # cause
        connection.sendall(f"item {item}".encode())
        return connection.recv(64)


def main():
    address = backend.start(0.0)
    print(sum(len(ask(address, item)) for item in range(9000)))


main()
