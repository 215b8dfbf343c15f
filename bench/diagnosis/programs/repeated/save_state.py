"""Hand on the state of a long computation after every step."""
import json
import os


def save(state, path):
    with open(path, "w") as file:
        json.dump(state, file)  # cause


def main():
    state = {"done": [], "settings": {"size": 3}}
    for step in range(1000):
        state["done"].append({"step": step, "value": step * 0.5, "name": f"step {step}"})
        save(state, os.devnull)
    print(len(state["done"]))


main()
