"""The planner's pages: the day with its map and timetable, and the fleet."""
