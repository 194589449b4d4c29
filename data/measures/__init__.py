"""Measures: pure functions from the panel and a mask to numbers."""
