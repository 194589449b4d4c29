"""Files of the command line: pictures drawn by Chromium without a server, decks and films."""
