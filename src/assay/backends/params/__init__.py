"""Parameters of backends: catalogues, what installed packages accept, and whether what is given can work."""
