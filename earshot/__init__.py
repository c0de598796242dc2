"""What Earshot's services share. Imports no service; the command line, outermost, is the exception."""

__version__ = "0.1.0"
