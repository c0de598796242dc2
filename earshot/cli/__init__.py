"""The command line: the outermost layer, which wires services and shared parts together.

Nothing imports it, and it alone in this package may import services.
"""
