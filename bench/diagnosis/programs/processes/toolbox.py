"""A small tool with a large toolbox."""
import importlib
import os
import sys
import tempfile

BODY = "import re\nTABLE = {n: str(n) * 3 for n in range(400)}\n" + "".join(
    f"def f{n}(a, b=1):\n    'Does {n}.'\n    return [a, b, {n}]\n" for n in range(250)
)


def make_tools(folder, count):
    for number in range(count):
        with open(os.path.join(folder, f"tool_{number}.py"), "w") as file:
            file.write(BODY)


def main():
    folder = tempfile.mkdtemp()
    make_tools(folder, 130)
    sys.path.insert(0, folder)
    sys.dont_write_bytecode = True
    tools = [importlib.import_module(f"tool_{number}") for number in range(130)]  # cause
    print(len(tools))


main()
