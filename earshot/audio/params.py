"""The numbers of the front end, each with its unit.

Source, unless said otherwise: tensorflow/models, research/audioset/vggish/vggish_params.py.
"""

SAMPLE_RATE_HZ = 16_000

# The short-time Fourier transform. The FFT is the next power of two above the window; frames are
# padded with zeros at their end.
WINDOW_SAMPLES = 400  # 25 ms
HOP_SAMPLES = 160  # 10 ms
FFT_SAMPLES = 512
NUM_BINS = FFT_SAMPLES // 2 + 1

# The mel bands and the logarithm: ln(magnitude + LOG_OFFSET).
NUM_BANDS = 64
MIN_HZ = 125.0
MAX_HZ = 7_500.0
LOG_OFFSET = 0.01

# A patch is what the network sees at once: 96 frames, 0.96 s. Its last frame's window reaches
# 240 samples beyond the start of the next patch.
PATCH_FRAMES = 96
PATCH_HOP_SAMPLES = PATCH_FRAMES * HOP_SAMPLES  # 15,360: 0.96 s
PATCH_SAMPLES = PATCH_HOP_SAMPLES + WINDOW_SAMPLES - HOP_SAMPLES  # 15,600: 0.975 s
PATCH_OVERLAP_SAMPLES = PATCH_SAMPLES - PATCH_HOP_SAMPLES  # 240: 15 ms

# int16 samples divided by this are in [-1, 1); the quotient is exact in float32.
FULL_SCALE = 32_768

# What is resampled: telephone speech to the fastest usual converters.
MIN_SOURCE_RATE_HZ = 8_000
MAX_SOURCE_RATE_HZ = 192_000

# Level of digital silence, and of anything quieter.
FLOOR_DBFS = -120.0
