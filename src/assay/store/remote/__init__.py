"""Stores at a URL: object storage through fsspec, worked on through a folder of this machine."""

from __future__ import annotations
