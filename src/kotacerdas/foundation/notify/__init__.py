"""Messages out: what is to be said to whom, by which channel, and how each attempt went."""
