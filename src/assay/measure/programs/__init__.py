"""Programs that ship with Assay for `assay demo`: each a realistic job with one classic problem, and its repair."""
