"""`earshot models`: what models there are, what is in them, and the official VGGish."""
