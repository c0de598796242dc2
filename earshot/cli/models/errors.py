"""What can stop `earshot models`; always said in one line.

ModelsError
├── NoSuchModel       no bundle of that name and version
├── NotImported       a file cannot become a bundle; nothing was written
└── DownloadFailed    a file could not be had; what came is kept where that helps
"""


class ModelsError(Exception):
    """Root of what these commands raise; the message is one sentence."""


class NoSuchModel(ModelsError):
    """Name one that is there."""


class NotImported(ModelsError):
    """Give the file that is meant, or say that this one is."""


class DownloadFailed(ModelsError):
    """Run the command again, or name another mirror."""
