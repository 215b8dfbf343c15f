"""Look up many names; a name server on this machine answers slowly. Run in a mount namespace of its own."""
import os
import socket
import struct
import subprocess
import tempfile
import threading
import time


def serve(listening):
    while True:
        question, sender = listening.recvfrom(512)
        time.sleep(0.03)
        answer = b"\xc0\x0c\x00\x01\x00\x01" + struct.pack(">IH4B", 60, 4, 10, 0, 0, 1)
        listening.sendto(question[:2] + b"\x81\x80\x00\x01\x00\x01\x00\x00\x00\x00" + question[12:] + answer, sender)


def start():
    listening = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    listening.bind(("127.0.0.1", 53))
    if os.fork() == 0:
        parent = os.getppid()
        threading.Thread(target=serve, args=(listening,), daemon=True).start()
        while os.getppid() == parent:
            time.sleep(0.2)
        os._exit(0)
    with tempfile.NamedTemporaryFile("w", suffix=".conf", delete=False) as file:
        file.write("nameserver 127.0.0.1\n")
    subprocess.run(["mount", "--bind", file.name, "/etc/resolv.conf"], check=True)


def addresses(count):
    return [socket.getaddrinfo(f"host{number}.example", 80, socket.AF_INET)[0][4][0] for number in range(count)]


start()
print(len(addresses(120)))
