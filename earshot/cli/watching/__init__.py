"""Events in a terminal: what happened, and what happens now."""
