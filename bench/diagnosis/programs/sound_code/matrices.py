"""Products of matrices, whole arrays at a time."""
import numpy as np

left = np.random.default_rng(1).random((1200, 1200))
total = 0.0
for turn in range(60):
    total += float((left @ left)[0, 0])
print(total > 0)
