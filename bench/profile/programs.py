"""A dozen small programs of different natures that compute the same every time, about a second for each unit of size.

Files are written to memory: how busy the machine's disk is would outweigh all else.
"""

from __future__ import annotations

import sys

_SOURCES: dict[str, str] = {
    "loop": "total = 0\nfor number in range({n} * 12_000_000): total += number * number\n",
    "json": "import json\nrow = {{str(key): [key] * 9 for key in range(400)}}\n"
    "for _ in range({n} * 3_000): json.loads(json.dumps(row))\n",
    "sort": "import random\nsource = random.Random(1)\n"
    "for _ in range({n} * 34): sorted(source.random() for _ in range(150_000))\n",
    "hash": "import hashlib\ndata = bytes(1 << 20)\nfor _ in range({n} * 1_900): hashlib.sha256(data).digest()\n",
    "regex": "import re\ntext = 'some words and 12 numbers 345 ' * 2_000\n"
    "for _ in range({n} * 1_650): re.findall(r'[a-z]+ [0-9]+', text)\n",
    "files": "import os, tempfile\nmemory = '/dev/shm' if os.path.isdir('/dev/shm') else None\n"
    "with tempfile.TemporaryDirectory(dir=memory) as place:\n for number in range({n} * 45_000):\n"
    "  path = f'{{place}}/{{number % 50}}'\n  with open(path, 'w') as file: file.write('x' * 2_000)\n",
    "threads": "import threading\ndef work(): sum(number * number for number in range({n} * 4_200_000))\n"
    "threads = [threading.Thread(target=work) for _ in range(8)]\n"
    "[thread.start() for thread in threads]; [thread.join() for thread in threads]\n",
    "sockets": "import socket, threading\nours, theirs = socket.socketpair()\n"
    "def echo():\n while data := theirs.recv(64): theirs.sendall(data)\n"
    "threading.Thread(target=echo, daemon=True).start()\n"
    "for _ in range({n} * 25_000): ours.sendall(b'x' * 64); ours.recv(64)\n",
    "sqlite": "import sqlite3\nbase = sqlite3.connect(':memory:')\nbase.execute('create table t (a, b)')\n"
    "base.executemany('insert into t values (?, ?)', ((n % 1000, n) for n in range(300_000)))\n"
    "for key in range({n} * 140): base.execute('select sum(b) from t where a = ?', (key,)).fetchone()\n",
    "processes": "import subprocess\nfor _ in range({n} * 1_600): subprocess.run(['true'], check=True)\n",
    "pool": "import multiprocessing\ndef work(n): return sum(number * number for number in range(n))\n"
    "with multiprocessing.get_context('fork').Pool(2) as pool: pool.map(work, [200_000] * ({n} * 300))\n",
    "asleep": "import time\nfor _ in range({n} * 50): time.sleep(0.02)\n",
}


def commands(size: int) -> dict[str, tuple[str, ...]]:
    """The words that run each program; ``size`` is about its time in seconds."""
    made: dict[str, tuple[str, ...]] = {
        name: (sys.executable, "-c", source.format(n=size)) for name, source in _SOURCES.items()
    }
    made["shell"] = ("sh", "-c", f"head -c {size * 2100}M /dev/zero | cksum > /dev/null")
    return made
