"""Asks the vulnerability service about every installed distribution; a found vulnerability fails."""

from __future__ import annotations

import json
import subprocess
import sys

COMMAND = [sys.executable, "-m", "pip_audit", "--progress-spinner", "off", "--timeout", "15", "--format", "json"]
GIVEN_UP_AFTER_S = 300
NOT_RUN = 77
"""What `.ci/run` reports as not run."""


def main() -> int:
    """Exit status: 1 for a known vulnerability, 0 where there is none, 77 where nobody could be asked."""
    try:
        answer = subprocess.run(COMMAND, capture_output=True, text=True, timeout=GIVEN_UP_AFTER_S, check=False)
        distributions = json.loads(answer.stdout)["dependencies"]
    except subprocess.TimeoutExpired:
        return _skipped(f"no answer within {GIVEN_UP_AFTER_S} s")
    except json.JSONDecodeError:
        return _skipped((answer.stderr.strip().splitlines() or ["no answer"])[-1])
    asked = [one for one in distributions if "vulns" in one]
    if not asked:
        return _skipped(f"it knows none of {len(distributions)} distributions")
    found = [(one, fault) for one in asked for fault in one["vulns"]]
    for one, fault in found:
        fixed = ", ".join(fault["fix_versions"]) or "no version"
        print(f"{one['name']} {one['version']}: {fault['id']}; fixed in {fixed}")
    print(f"{len(found)} known vulnerabilities in {len(asked)} of {len(distributions)} distributions that were audited")
    return 1 if found else 0


def _skipped(reason: str) -> int:
    print(f"pip-audit: vulnerability service not reachable, skipped ({reason})")
    return NOT_RUN


if __name__ == "__main__":
    sys.exit(main())
