"""What every command about the software GPU needs first."""

from __future__ import annotations

from assay.errors import UsageError


def require_native(where: str) -> str | None:
    """The compiler of the native core, which has to be there."""
    import assay.vgpu as vg

    core = vg.core_info()
    if core.core == "python":
        raise UsageError(
            f"the software GPU needs the native core: {core.reason}",
            where=where,
            remedy="install a C++ compiler (Debian: apt install g++) and reinstall",
        )
    return core.compiler
