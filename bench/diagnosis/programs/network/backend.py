"""A slow little server on the loopback interface, in a process of its own."""
import os
import socket
import threading
import time


def start(delay_s):
    """Fork the server; returns its address."""
    listening = socket.create_server(("127.0.0.1", 0), backlog=128)
    if os.fork() == 0:
        try:
            serve(listening, delay_s, os.getppid())
        finally:
            os._exit(0)
    address = listening.getsockname()
    listening.close()
    return address


def serve(listening, delay_s, parent):
    listening.settimeout(0.5)
    while os.getppid() == parent:
        try:
            connection, _ = listening.accept()
        except TimeoutError:
            continue
        threading.Thread(target=answer, args=(connection, delay_s), daemon=True).start()


def answer(connection, delay_s):
    connection.settimeout(None)
    with connection:
        while connection.recv(64):
            time.sleep(delay_s)
            connection.sendall(b"answer")
