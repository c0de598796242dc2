"""Answers questions about events and devices over HTTP; takes changes of the registry."""
