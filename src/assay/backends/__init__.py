"""Backends: what runs a model, each a plug-in that opens one kind of model and says what it measured."""
