"""``python -m assay.vgpu --cmake-dir``: where CMake finds the C++ API that was installed with this package."""

from __future__ import annotations

import sys
from pathlib import Path

_FOLDER = Path(__file__).parent / "cpp" / "lib" / "cmake" / "assay"
_USAGE = "usage: python -m assay.vgpu --cmake-dir\n"


def main(arguments: list[str], folder: Path = _FOLDER) -> int:
    """Print the folder for ``find_package(assay)``; 2 where there is none, and why."""
    if arguments != ["--cmake-dir"]:
        sys.stderr.write(_USAGE)
        return 2
    if not (folder / "assay-config.cmake").is_file():
        sys.stderr.write(
            f"assay.vgpu: no C++ library in {folder}: this package runs from its sources, or was installed without a "
            "compiler; install one (Debian: apt install g++) and then Assay, with ASSAY_REQUIRE_NATIVE=true\n"
        )
        return 2
    sys.stdout.write(f"{folder}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
