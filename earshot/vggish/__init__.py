"""The official VGGish: its published checkpoint becomes an embedder bundle, without TensorFlow."""
