"""Count the ways through a grid."""


def ways(row, column):
    if row == 0 or column == 0:
        return 1
    return ways(row - 1, column) + ways(row, column - 1)  # cause


if __name__ == "__main__":
    print(ways(15, 12))
