"""Changes an answers file in its text: what a hand wrote there stays, word for word."""
