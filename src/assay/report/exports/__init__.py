"""One file per format of other tools that a run can be taken to; the folder is the registry."""
