"""Ask a slow service from several threads."""
import os
import socket
import sys
from concurrent.futures import ThreadPoolExecutor

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "network"))
import backend


def ask(address):
    total = 0
    with socket.create_connection(address) as connection:
        for item in range(60):
            connection.sendall(f"item {item}".encode())
            total += len(connection.recv(64))
    return total


address = backend.start(0.05)
with ThreadPoolExecutor(16) as pool:
    print(sum(pool.map(ask, [address] * 16)))
