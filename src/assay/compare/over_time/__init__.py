"""One configuration over time: which runs belong together, and where a level moved."""
