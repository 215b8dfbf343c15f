"""A small service on the loopback interface that takes a while for each answer."""

import asyncio
import socketserver
import threading
import time


class Handler(socketserver.StreamRequestHandler):
    delay = 0.01

    def handle(self) -> None:
        for line in self.rfile:
            time.sleep(self.delay)
            self.wfile.write(b"ok " + line)


class Service(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 128


def start(delay: float) -> tuple[str, int]:
    """Start the service in the background; its address."""
    handler = type("Slow", (Handler,), {"delay": delay})
    server = Service(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server.server_address[:2]


async def serve(delay: float) -> tuple[asyncio.Server, int]:
    """The same as coroutines."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while line := await reader.readline():
            await asyncio.sleep(delay)
            writer.write(b"ok " + line)
            await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    return server, server.sockets[0].getsockname()[1]
