"""From log-mel patches to the 128 bytes of AudioSet's embedding format."""
