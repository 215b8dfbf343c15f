"""Try many variations of one plan."""
import copy

PLAN = {"steps": [{"name": f"s{n}", "costs": list(range(30)), "after": {"x": [n]}} for n in range(150)]}


def cost(plan):
    return sum(step["costs"][0] for step in plan["steps"])


def vary(number):
    plan = copy.deepcopy(PLAN)  # cause
    plan["steps"][number % 150]["costs"][0] = number
    return cost(plan)


print(min(vary(number) for number in range(800)))
