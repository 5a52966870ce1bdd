"""A lending library: books are asked for, lent, asked back, returned; late ones are fined, and gifts are welcome."""
