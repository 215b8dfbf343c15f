"""Keep the state of a long computation on disk after every step."""
import json
import tempfile


def save(state, path):
    with open(path, "w") as file:
        json.dump(state, file)  # cause


def main():
    state = {"done": [], "settings": {"size": 3}}
    with tempfile.NamedTemporaryFile() as file:
        for step in range(1500):
            state["done"].append({"step": step, "value": step * 0.5, "name": f"step {step}"})
            save(state, file.name)
    print(len(state["done"]))


main()
