"""Why a task is in no route: found by trying to put it into the plan that was found, with the figures of the best try."""
