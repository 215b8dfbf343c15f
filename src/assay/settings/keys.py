"""Every setting, as data: name, kind, default and meaning."""

from __future__ import annotations

from dataclasses import dataclass

from assay.errors import SettingsError

Value = str | int | bool


@dataclass(frozen=True, kw_only=True)
class Key:
    """One setting."""

    name: str
    """Name in files; ``ASSAY_`` and its capitals in the environment."""
    default: Value
    """Its value where nothing sets it; an empty text means that it is found out when used."""
    meaning: str
    """One line: what it does."""
    choices: tuple[str, ...] = ()
    """The texts it may hold; empty where any will do."""
    is_path: bool = False
    """Whether a relative value is meant from the folder of the file it stands in."""

    @property
    def variable(self) -> str:
        """Its environment variable."""
        return f"ASSAY_{self.name.upper()}"

    @property
    def kind(self) -> str:
        """Its type, in words."""
        return {str: "text", int: "number", bool: "true or false"}[type(self.default)]


KEYS: tuple[Key, ...] = (
    Key(
        name="store",
        default="",
        is_path=True,
        meaning="Where runs are kept: a folder or a URL; $XDG_DATA_HOME/assay where nothing is said",
    ),
    Key(
        name="color",
        default="auto",
        choices=("auto", "always", "never"),
        meaning="Colours: on terminals only, always or never",
    ),
    Key(
        name="progress",
        default="auto",
        choices=("auto", "never"),
        meaning="Progress of long work: on terminals and in CI, or never",
    ),
    Key(
        name="verbosity",
        default="normal",
        choices=("quiet", "normal", "verbose"),
        meaning="How much is said beside results and errors",
    ),
)

BY_NAME: dict[str, Key] = {key.name: key for key in KEYS}

OTHER_VARIABLES: tuple[str, ...] = (
    "ASSAY_CI_VENV",
    "ASSAY_CONTAINER_IMAGE",
    "ASSAY_DEBUG",
    "ASSAY_DEVICE",
    "ASSAY_EXPLAIN_KEY",
    "ASSAY_ISA",
    "ASSAY_LOCKS",
    "ASSAY_PHASES",
    "ASSAY_PIN",
    "ASSAY_REQUIRE_NATIVE",
    "ASSAY_TEST_FORKS",
    "ASSAY_TEST_KILL_POINTS",
    "ASSAY_TEST_MUTATIONS",
    "ASSAY_THREADS",
    "ASSAY_TUNING",
)
"""Variables of the same family that are no settings: of the build, the kernels' pool, the environment and the tests."""


def checked(key: Key, value: object) -> Value:
    """``value`` as the key's own type, or a SettingsError that says what it may be."""
    if type(value) is not type(key.default):
        raise SettingsError(f"{key.name!r} is {value!r}", remedy=f"give {key.kind}")
    if key.choices and value not in key.choices:
        raise SettingsError(f"{key.name!r} is {value!r}", remedy=f"give one of: {', '.join(key.choices)}")
    if isinstance(value, str) and any(letter == "\0" or "\ud800" <= letter <= "\udfff" for letter in value):
        raise SettingsError(f"{key.name!r} is {value!r}", remedy="give text without null characters, in UTF-8")
    return value


def from_text(key: Key, text: str) -> Value:
    """The value that ``text`` from a variable or a command line stands for."""
    if isinstance(key.default, bool):
        words = {
            "1": True,
            "true": True,
            "yes": True,
            "on": True,
            "0": False,
            "false": False,
            "no": False,
            "off": False,
        }
        return checked(key, words.get(text.lower(), text))
    if isinstance(key.default, int):
        return checked(key, int(text) if text.removeprefix("-").isdecimal() else text)
    return checked(key, text)
