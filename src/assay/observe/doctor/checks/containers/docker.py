"""Whether a container engine answers."""

from __future__ import annotations

from assay.observe.doctor.advice import install, on_host
from assay.observe.doctor.finding import Fault, Finding, Inspection, degraded, missing, ok
from assay.observe.doctor.surroundings import Surroundings

_LOST = "runs in containers, and backends that are shipped as images"
_SOCKETS = ("/var/run/docker.sock", "/run/docker.sock", "/run/podman/podman.sock")


def _look(surroundings: Surroundings) -> Finding:
    places = _places(surroundings)
    errors: list[tuple[str, OSError]] = []
    for place in places:
        if place.startswith(("unix://", "/")):
            error = surroundings.instruments.connect(place.removeprefix("unix://"))
            if error is None:
                return ok(f"an engine answers at {place}")
            errors.append((place, error))
    refused = [place for place, error in errors if isinstance(error, PermissionError)]
    if refused:
        enable = on_host(surroundings, "sudo usermod -aG docker $USER, then log in anew")
        fault = Fault(reason=f"no permission to use {refused[0]}", lost=_LOST, enable=enable)
        return degraded(f"an engine at {refused[0]}, not for this user", fault)
    said = "; ".join(f"{place}: {error.strerror or error}" for place, error in errors)
    reason = said or f"DOCKER_HOST is {places[0]}, which doctor does not contact over a network"
    return missing("no engine answers", Fault(reason=reason, lost=_LOST, enable=_remedy(surroundings)))


def _places(surroundings: Surroundings) -> tuple[str, ...]:
    chosen = surroundings.sources.environ.get("DOCKER_HOST")
    runtime = surroundings.sources.environ.get("XDG_RUNTIME_DIR")
    own = (f"{runtime}/docker.sock", f"{runtime}/podman/podman.sock") if runtime else ()
    return (chosen,) if chosen else (*_SOCKETS, *own)


def _remedy(surroundings: Surroundings) -> str:
    if surroundings.in_container:
        return "start the container with: docker run -v /var/run/docker.sock:/var/run/docker.sock …"
    installed = install(surroundings, debian="docker.io", fedora="moby-engine")
    return f"{installed} && {on_host(surroundings, 'sudo systemctl start docker')}"


PLUGIN = Inspection("Container engine", _look)
