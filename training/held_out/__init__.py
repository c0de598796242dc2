"""What an embedder and a frame-level bundle hear together in recordings that trained neither."""
