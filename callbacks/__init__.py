"""What happens when: thin wiring from requests and inputs to pure functions."""
