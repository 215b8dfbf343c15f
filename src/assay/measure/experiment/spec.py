"""What an experiment is, from flags or a file; everything that is wrong with it is said at once."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from msgspec import field
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from assay.errors import PlanError
from assay.observe.energy.meter import SOURCES
from assay.record.base import Record
from assay.stats.cycles import FEWEST_CYCLES

MOST = 1_000_000
LONGEST_S = 86_400.0


class Experiment(Record, kw_only=True):
    """One experiment, checked."""

    command: tuple[str, ...]
    """Program and arguments."""
    name: str = ""
    """Name in lists; the program's where empty."""
    workload: str = ""
    """Name of what it is asked to do."""
    cwd: str = ""
    """Working folder; the caller's where empty."""
    variables: Mapping[str, str] = field(default_factory=dict)
    """Environment variables set besides."""
    warmup: int = 1
    """Launches before the measured ones, which are not counted."""
    repetitions: int = 3
    """Measured launches in a cycle."""
    cycles: int = FEWEST_CYCLES
    """Independent repetitions of everything, each a run."""
    baseline_s: float = 2.0
    """Time for which the idle machine is measured before and after each cycle; 0 for no baseline."""
    settle_s: float = 1.0
    """Rest between the last launch and the baseline after it."""
    timeout_s: float | None = None
    """Time limit of one launch."""
    energy: tuple[str, ...] = ()
    """Sources of energy; all that measure where empty."""
    cpu_rated_power_w: float | None = None
    """Rated power of the processor, for the model of it."""
    steady: int | None = None
    """Launch until times are steady, at most so often, and measure the last ones; null for a fixed warm-up."""
    tokens: int | None = None
    """Tokens that one launch processes, where the caller knows."""


class _Rule(Record, kw_only=True):
    """What a key's value has to be."""

    kind: tuple[type, ...]
    wanted: str
    low: float = 0.0
    high: float = LONGEST_S


class Fault(NamedTuple):
    """One thing that is wrong with settings."""

    key: str
    """The setting it is about."""
    rule: str
    """Name of the rule that is broken."""
    what: str
    """What is wrong, in words."""


_COUNT, _SECONDS = (int,), (int, float)
_RULES: dict[str, _Rule] = {
    "command": _Rule(kind=(list, tuple), wanted="a list of words, program first"),
    "name": _Rule(kind=(str,), wanted="a text"),
    "workload": _Rule(kind=(str,), wanted="a text"),
    "cwd": _Rule(kind=(str,), wanted="a folder that is there"),
    "variables": _Rule(kind=(dict,), wanted="names with texts"),
    "warmup": _Rule(kind=_COUNT, wanted="a whole number from 0", high=MOST),
    "repetitions": _Rule(kind=_COUNT, wanted="a whole number from 1", low=1, high=MOST),
    "cycles": _Rule(kind=_COUNT, wanted="a whole number from 1", low=1, high=MOST),
    "baseline_s": _Rule(kind=_SECONDS, wanted="seconds, at least 0.5, or 0 for none"),
    "settle_s": _Rule(kind=_SECONDS, wanted="seconds from 0"),
    "timeout_s": _Rule(kind=_SECONDS, wanted="seconds above 0", low=1e-3),
    "energy": _Rule(kind=(list, tuple), wanted="names of sources"),
    "cpu_rated_power_w": _Rule(kind=_SECONDS, wanted="watts above 0", low=1e-3, high=1e5),
    "steady": _Rule(kind=_COUNT, wanted="a whole number from 12", low=12, high=MOST),
    "tokens": _Rule(kind=_COUNT, wanted="a whole number from 1", low=1, high=1e12),
}
_OPTIONAL = ("timeout_s", "cpu_rated_power_w", "steady", "tokens")
SETTINGS = tuple(_RULES)
"""Every setting of an experiment."""


def read_experiment(file: Path) -> dict[str, Any]:
    """The settings of a YAML file, not yet checked; relative folders are meant from where the file lies."""
    try:
        data = YAML(typ="safe", pure=True).load(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise PlanError(f"it can't be read: {error.strerror or error}", where=str(file), remedy="check it") from error
    except (YAMLError, UnicodeDecodeError, RecursionError) as error:
        said = " ".join(str(error).split())[:200]
        raise PlanError(f"it is no YAML: {said}", where=str(file), remedy="mend that line") from error
    if not isinstance(data, dict):
        raise PlanError("it holds no settings", where=str(file), remedy="write `command: [program, argument]`")
    if isinstance(data.get("cwd"), str):
        data["cwd"] = str(file.parent / data["cwd"])
    return data


def check_experiment(settings: Mapping[str, Any], where: str = "") -> Experiment:
    """The experiment these settings mean, or one error that lists everything that is wrong with them."""
    faults = faults_of(settings)
    if faults:
        counted = f"{len(faults)} things are wrong" if len(faults) > 1 else "one thing is wrong"
        said = "; ".join(fault.what for fault in faults)
        raise PlanError(f"{counted}: {said}", where=where, remedy="see `assay measure --help`")
    return experiment_of(settings)


def faults_of(settings: Mapping[str, Any]) -> tuple[Fault, ...]:
    """Everything that is wrong with settings."""
    return (*_unknown(settings), *_wrong(settings), *_impossible(settings))


def experiment_of(settings: Mapping[str, Any]) -> Experiment:
    """The experiment that settings without fault mean."""
    given = {key: value for key, value in settings.items() if not (value is None and key in _OPTIONAL)}
    for key in ("command", "energy"):
        if key in given:
            given[key] = tuple(str(word) for word in given[key])
    if "variables" in given:
        given["variables"] = {str(name): str(value) for name, value in given["variables"].items()}
    return Experiment(**given)


def _unknown(settings: Mapping[str, Any]) -> Iterator[Fault]:
    for key in settings:
        if key not in _RULES:
            close = difflib.get_close_matches(str(key), _RULES, n=1)
            said = f"there is no setting {key!r}" + (f", did you mean {close[0]!r}?" if close else "")
            yield Fault(str(key), "setting-exists", said)


def _wrong(settings: Mapping[str, Any]) -> Iterator[Fault]:
    for key, rule in _RULES.items():
        if key not in settings or (settings[key] is None and key in _OPTIONAL):
            continue
        value = settings[key]
        if isinstance(value, bool) or not isinstance(value, rule.kind) or not _is_within(value, rule):
            yield Fault(key, f"{key}-range", f"{key} is {_shown(value)}, and has to be {rule.wanted}")


def _is_within(value: object, rule: _Rule) -> bool:
    return not isinstance(value, int | float) or rule.low <= value <= rule.high


def _impossible(settings: Mapping[str, Any]) -> Iterator[Fault]:
    words = settings.get("command")
    if not words and (words is None or isinstance(words, list | tuple)):
        yield Fault("command", "command-given", "there is no command to measure")
    baseline_s = settings.get("baseline_s", 0)
    if isinstance(baseline_s, int | float) and 0 < baseline_s < 0.5:
        said = f"baseline_s is {baseline_s:g}, and has to be {_RULES['baseline_s'].wanted}"
        yield Fault("baseline_s", "baseline_s-range", said)
    cwd = settings.get("cwd")
    if isinstance(cwd, str) and cwd and not Path(cwd).is_dir():
        yield Fault("cwd", "folder-exists", f"the folder {cwd!r} does not exist")
    yield from _wrong_sources(settings)


@cache
def _known_sources() -> tuple[str, ...]:
    """Looked up once: a campaign checks thousands of experiments, and each look asks every installed package."""
    return tuple(SOURCES.names())


def _wrong_sources(settings: Mapping[str, Any]) -> Iterator[Fault]:
    asked = settings.get("energy") or ()
    known = _known_sources() if asked else ()
    for name in asked if isinstance(asked, list | tuple) else ():
        if name not in known:
            close = difflib.get_close_matches(str(name), known, n=1)
            remedy = f"did you mean {close[0]!r}?" if close else f"choose from {', '.join(known)}"
            yield Fault("energy", "source-exists", f"there is no source of energy {name!r}, {remedy}")
    if "cpu_model" in asked and settings.get("cpu_rated_power_w") is None:
        yield Fault("energy", "cpu_model-needs-rated-power", "the source cpu_model needs cpu_rated_power_w")


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 40 else f"{text[:37]}…"


def fewest_for_interval(cycles: int) -> Sequence[str]:
    """What to say about a number of cycles, before the time is spent."""
    if cycles < FEWEST_CYCLES:
        return (f"{cycles} cycles give no interval; {FEWEST_CYCLES} or more do",)
    return ()
