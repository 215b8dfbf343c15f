"""The record: every type that crosses rooms, and pure functions over them."""
