"""Capture: turns sources of sound into chunks on the audio topic."""
