"""Length of the longest common subsequence of two words."""


def common(left, right, i, j):
    if i == 0 or j == 0:
        return 0
    if left[i - 1] == right[j - 1]:
        return 1 + common(left, right, i - 1, j - 1)
    return max(common(left, right, i - 1, j), common(left, right, i, j - 1))  # cause


print(common("ACDGHLQRTYUZ", "EBFIJKMNOPSW", 12, 12))
