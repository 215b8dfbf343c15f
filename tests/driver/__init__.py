"""A simulated driver's library for NVIDIA GPUs: its devices do not exist, and their energy is known exactly."""
