"""The first moments of the program: what is answered at once, and where every error ends."""
