"""What is on the page: pure functions from atlas and selection to components."""
