"""The built-in engine for language models: reads them, runs them on the software GPU, and samples from them."""
