"""Prices parcels by the tariff of their country."""

import json
import random
import tempfile
from pathlib import Path


def write_tariffs(folder: Path) -> Path:
    rng = random.Random(7)
    zones = {f"C{number:02d}": {"base": rng.randint(3, 20), "kilo": rng.random(), "days": 3} for number in range(60)}
    file = folder / "tariffs.json"
    file.write_text(json.dumps({"valid": "2024", "zones": zones}, indent=1))
    return file


class Pricing:
    def __init__(self, file: Path) -> None:
        self.file = file

    def tariff(self, country: str) -> dict:
        with open(self.file) as source:  # cause
            return json.load(source)["zones"][country]  # cause

    def price(self, country: str, grams: int) -> float:
        tariff = self.tariff(country)
        return round(tariff["base"] + tariff["kilo"] * grams / 1000, 2)


def parcels(count: int):
    rng = random.Random(8)
    for _ in range(count):
        yield f"C{rng.randrange(60):02d}", int(rng.lognormvariate(7, 1))


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        pricing = Pricing(write_tariffs(Path(folder)))
        takings: dict[str, float] = {}
        for country, grams in parcels(60_000):
            takings[country] = takings.get(country, 0.0) + pricing.price(country, grams)
    for country in sorted(takings, key=takings.__getitem__)[-3:]:
        print(country, round(takings[country], 2))


if __name__ == "__main__":
    main()
