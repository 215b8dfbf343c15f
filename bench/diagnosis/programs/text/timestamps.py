"""Turn the times of a log into seconds."""
from datetime import datetime

FORMAT = "%d/%b/%Y:%H:%M:%S"


def seconds(line):
    return datetime.strptime(line.split(" ")[0], FORMAT).timestamp()  # cause


def main():
    lines = [f"{1 + number % 28:02}/Mar/2024:10:{number % 60:02}:07 GET /" for number in range(280_000)]
    print(sum(seconds(line) for line in lines))


main()
