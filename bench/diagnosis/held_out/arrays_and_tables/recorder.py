"""Records a signal block by block and tells its level."""

import argparse

import numpy as np


class Recorder:
    def __init__(self, rate: int) -> None:
        self.rate = rate
        self.samples = np.zeros(0, dtype=np.float32)

    def block(self, data: np.ndarray) -> None:
        self.samples = np.append(self.samples, data)  # cause

    @property
    def seconds(self) -> float:
        return len(self.samples) / self.rate


def source(blocks: int, size: int, seed: int):
    """Blocks of a tone in noise."""
    rng = np.random.default_rng(seed)
    phase = 0.0
    for _ in range(blocks):
        time = phase + np.arange(size) / 8000
        phase = float(time[-1])
        yield (np.sin(2 * np.pi * 440 * time) + rng.normal(0, 0.1, size)).astype(np.float32)


def level(samples: np.ndarray) -> float:
    return float(20 * np.log10(np.sqrt(np.mean(samples.astype(np.float64) ** 2))))


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--blocks", type=int, default=11000)
    options = parser.parse_args()
    recorder = Recorder(8000)
    for data in source(options.blocks, 256, 6):
        recorder.block(data)
    print(f"{recorder.seconds:.1f} s at {level(recorder.samples):.1f} dB")


if __name__ == "__main__":
    main()
