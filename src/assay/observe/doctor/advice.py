"""Commands as they must be typed here: on the host of a container, by the distribution's package manager."""

from __future__ import annotations

from assay.observe.doctor.surroundings import Surroundings

BARE_METAL = "nothing inside a virtual machine enables it: run on bare metal"


def on_host(surroundings: Surroundings, command: str) -> str:
    """A command for the kernel's owner: the host's, where this is a container."""
    if surroundings.in_container:
        return f"on the host of the container: {command}"
    return command.replace("sudo ", "") if surroundings.instruments.is_root() else command


def on_metal(surroundings: Surroundings, command: str) -> str:
    """A command that helps only where no hypervisor keeps the thing to itself."""
    return BARE_METAL if surroundings.is_virtual else on_host(surroundings, command)


def container_flag(surroundings: Surroundings, flags: str, otherwise: str) -> str:
    """Flags to start the container with; a command for the machine itself where there is none."""
    if not surroundings.in_container:
        return on_host(surroundings, otherwise)
    return f"start the container with: docker run {flags} …; {on_host(surroundings, otherwise)}"


def install(surroundings: Surroundings, *, debian: str, fedora: str) -> str:
    """The command that installs packages here, by the family that ``os-release`` names."""
    prefix = "" if surroundings.instruments.is_root() else "sudo "
    if _is_fedora_like(surroundings):
        return f"{prefix}dnf install {fedora}"
    return f"{prefix}apt-get install {debian}"


def _is_fedora_like(surroundings: Surroundings) -> bool:
    text = surroundings.sources.text("etc/os-release")
    lines = text.lower().splitlines() if isinstance(text, str) else []
    families = " ".join(line for line in lines if line.startswith(("id=", "id_like=")))
    return any(word in families for word in ("fedora", "rhel", "centos"))
