"""NVIDIA's management library as a source of energy: which devices, and what is asked of each."""
