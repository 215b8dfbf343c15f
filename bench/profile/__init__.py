"""What profiling costs: processor time and wall time of programs with and without ``assay profile``."""
