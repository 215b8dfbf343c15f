"""How right the energy of ``assay measure`` is, against a simulated driver whose truth is known."""
