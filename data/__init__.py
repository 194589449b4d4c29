"""What is known: the atlas, the selection, masks and measures. Nothing in here imports Dash."""
