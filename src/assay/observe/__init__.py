"""Watching a process and the machine around it."""
