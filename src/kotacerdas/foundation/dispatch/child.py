"""The process that solves one problem: a line of JSON comes in, lines of progress and one with the plan go out.

It ends when its standard input does, as it does when the worker that started it is gone: nobody is left to answer.
"""

from __future__ import annotations

import json
import os
import sys
import threading

from kotacerdas.foundation.dispatch.solver import Progress
from kotacerdas.foundation.dispatch.wire import problem_from, routes_from, solution_text

GONE = 3  # the exit code when the worker is gone


def main() -> None:
    """Read, solve, answer."""
    if hasattr(os, "nice"):
        os.nice(5)  # pages go before plans
    asked = json.loads(sys.stdin.readline())
    threading.Thread(target=_end_with_the_worker, daemon=True).start()
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # what a library prints is no answer

    def answer(line: str) -> None:
        out.write(line + "\n")
        out.flush()

    from kotacerdas.foundation.dispatch.pyvrp_solver import PyVRP

    def tell(progress: Progress) -> None:
        answer(json.dumps({"progress": list(progress)}))

    try:
        problem = problem_from(asked["problem"])
        since = routes_from(asked["since"])
        solution = PyVRP().solve(
            problem, seconds=asked["seconds"], seed=asked["seed"], since=since, on_progress=tell
        )
    except Exception as error:
        answer(json.dumps({"error": type(error).__name__, "words": str(error)[:500]}))
        return
    answer(f'{{"solution": {solution_text(solution)}}}')


def asked_text(problem_line: str, seconds: float, seed: int, since: list[dict[str, object]]) -> str:
    """The line that the process is asked by."""
    rest = json.dumps({"seconds": seconds, "seed": seed, "since": since})
    return f'{{"problem": {problem_line}, {rest[1:]}\n'


def _end_with_the_worker() -> None:
    sys.stdin.read()
    os._exit(GONE)


if __name__ == "__main__":
    main()
