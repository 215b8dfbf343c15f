"""One file a backend, as ``PLUGIN``; heavy libraries are imported here and nowhere else."""
