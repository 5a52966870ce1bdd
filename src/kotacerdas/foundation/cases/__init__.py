"""The common header of everything somebody waits for: declared life-cycles, clocks, parties, assignments."""
