"""What a trace says: time per layer and step, token times, outliers, and whether it was measured at all."""
