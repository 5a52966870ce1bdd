"""The officer's work at a desk: the queue, the case, its steps."""
