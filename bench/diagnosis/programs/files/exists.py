"""Find which of many names are taken."""
import os
import tempfile


def taken(folder, names):
    return [name for name in names if os.path.exists(os.path.join(folder, name))]  # cause


def main():
    folder = tempfile.mkdtemp()
    for number in range(0, 300, 3):
        open(os.path.join(folder, f"file-{number}"), "w").close()
    names = [f"file-{number}" for number in range(300)]
    print(sum(len(taken(folder, names)) for _ in range(3500)))


main()
