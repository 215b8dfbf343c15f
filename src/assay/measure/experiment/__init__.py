"""One experiment: a command repeated after a warm-up, in cycles, with the energy it took above the idle machine."""
