"""The desk of any kind of case: queue, case page, timeline, steps, bulk, print, evidence."""
