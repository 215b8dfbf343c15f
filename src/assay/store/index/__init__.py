"""The index: a cache over sealed runs that makes lists fast and may be deleted at any moment."""

from __future__ import annotations
