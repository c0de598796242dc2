"""Asks the frame-level model about windows of patches. Holds no state."""
