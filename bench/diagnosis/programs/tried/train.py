"""A training loop whose losses are kept; the library lies in its own folder, as an installed one does."""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "site-packages"))
import torch  # noqa: E402


def train(steps):
    weight, losses = torch.Tensor([0.5] * 4000), []
    for step in range(steps):
        loss = (weight * 0.99 + 0.01 * step).sum()
        loss.backward()
        losses.append(loss)
    return losses


print(len(train(900)))
