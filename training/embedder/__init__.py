"""The compact embedder: log-mel patches in, values of AudioSet's embedding space out."""
