"""The built-in engine for language models: against llama.cpp, and what its tracing costs."""
