"""Ask a service about many items."""
import socket

import backend


def ask(connection, item):
    connection.sendall(f"item {item}".encode())
    return connection.recv(64)  # cause


def main():
    connection = socket.create_connection(backend.start(0.02))
    print(sum(len(ask(connection, item)) for item in range(190)))


main()
