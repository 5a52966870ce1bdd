"""From a message to stored observations: what it says, whose it is, and one transaction for many of them."""
