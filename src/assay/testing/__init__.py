"""Benchmarks and limits inside of pytest: ``@assay.bench`` and ``@assay.limit``, and the plug-in that heeds them."""
