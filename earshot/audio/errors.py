"""What can be wrong with samples.

AudioError
├── TooShort          fewer samples than one patch: there is nothing to compute
├── NotFinite         NaN or infinity among the samples
└── UnsupportedRate   a sample rate outside of what is resampled
"""


class AudioError(Exception):
    """Root of everything this package raises; the message is one sentence."""


class TooShort(AudioError):
    """Not enough samples for one patch: wait for more, or refuse the recording."""


class NotFinite(AudioError):
    """NaN or infinity among the samples: the source is broken."""


class UnsupportedRate(AudioError):
    """The sample rate is outside of what is resampled."""
