"""A simulation whose steps each need the one before."""


def simulate(steps):
    position, speed = 1.0, 0.0
    for _ in range(steps):
        force = -position
        speed += force * 0.001
        position += speed * 0.001
    return position


def main():
    print(simulate(35_000_000))


main()
