"""From a config.json to a decoder's architecture: what each family reads, and what it must not be asked for."""
