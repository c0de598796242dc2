"""The size of an embedding's code, by itself so that knowing it needs no numpy."""

CODE_BYTES = 128  # one embedding after post-processing, AudioSet's released format
