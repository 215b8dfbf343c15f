"""A solver with debug messages that are switched off."""
import logging
import pprint

log = logging.getLogger("solver")


def solve(count):
    state = {f"variable {number}": [number] * 8 for number in range(60)}
    for number in range(count):
        state["variable 3"][0] = number
        log.debug("state is now %s" % pprint.pformat(state))  # cause
    return state


logging.basicConfig(level=logging.WARNING)
print(len(solve(1500)))
