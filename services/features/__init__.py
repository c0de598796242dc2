"""Turns chunks of sound into embeddings: log-mel, network, 8-bit codes. Holds no state."""
