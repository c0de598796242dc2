"""Frame-level models: 128 codes per patch in, scores of the classes out."""
