"""The registry of probes."""

from __future__ import annotations

from assay.observe.environment.probe import PROBE_FOLDERS, all_probes


def test_every_file_of_the_folders_is_a_probe() -> None:
    assert len(all_probes()) == sum(len(folder.names()) for folder in PROBE_FOLDERS)
    assert len(all_probes()) >= 15
