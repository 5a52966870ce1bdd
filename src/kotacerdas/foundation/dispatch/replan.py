"""Plans the rest of a day anew: what is done or under way stays, and so does what was promised."""
