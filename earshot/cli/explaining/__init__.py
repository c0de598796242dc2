"""Explanations of the API, for people."""
