"""Convert names with an external command."""
import subprocess


def upper(name):
    return subprocess.run(["tr", "a-z", "A-Z"], input=name.encode(), capture_output=True).stdout  # cause


def main():
    print(sum(len(upper(f"name {number}")) for number in range(900)))


main()
