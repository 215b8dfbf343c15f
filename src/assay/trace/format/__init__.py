"""The two forms of a trace: newline-delimited JSON, which survives a kill, and Parquet, which is small."""
