"""Settings: a flag beats ``ASSAY_*``, which beats the project's file, the user's file and the default.

The project's file is the nearest ``assay.toml``, or ``pyproject.toml`` with ``[tool.assay]``, from the
working folder upwards; the user's is ``$XDG_CONFIG_HOME/assay/config.toml``.
"""

from __future__ import annotations

from assay.settings.keys import BY_NAME, KEYS, Key, Value, from_text
from assay.settings.load import Settings, load_settings
from assay.settings.sources import Origin, cache_folder, closest, project_file, unknown_key, user_file

__all__ = [
    "BY_NAME",
    "KEYS",
    "Key",
    "Origin",
    "Settings",
    "Value",
    "cache_folder",
    "closest",
    "from_text",
    "load_settings",
    "project_file",
    "unknown_key",
    "user_file",
]
