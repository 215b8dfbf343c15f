"""A history laid out: sparks for the terminal, a curve for pages."""
