"""Asks the frame-level model about windows of patches: live, and again about what was kept."""
