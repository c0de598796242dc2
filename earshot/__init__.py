"""What Earshot's services share, and the command line, which wires them together."""

__version__ = "0.1.0"
