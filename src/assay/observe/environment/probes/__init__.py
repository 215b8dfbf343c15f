"""The probes of the environment: one module is one probe, grouped by what it looks at."""
