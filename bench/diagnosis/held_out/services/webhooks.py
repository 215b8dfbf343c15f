"""Delivers web hooks over HTTP."""

import http.client
import http.server
import json
import random
import threading


class Receiver(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    taken = 0

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        Receiver.taken += 1
        self.send_response(204)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *arguments) -> None:
        pass


class Courier:
    def __init__(self, port: int) -> None:
        self.port = port
        self.failed = 0

    def deliver(self, event: dict) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        connection.request("POST", "/hook", json.dumps(event))  # cause
        if connection.getresponse().status != 204:
            self.failed += 1
        connection.close()


def events(count: int):
    rng = random.Random(3)
    for number in range(count):
        yield {"id": number, "kind": rng.choice(["paid", "sent", "back"]), "amount": rng.randint(1, 999)}


def main() -> None:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    courier = Courier(server.server_address[1])
    for event in events(1800):
        courier.deliver(event)
    server.shutdown()
    print(Receiver.taken, "delivered,", courier.failed, "failed")


if __name__ == "__main__":
    main()
