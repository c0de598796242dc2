"""A model that needs no runtime: its scores are means, so that every row can be told apart."""

from __future__ import annotations

from threading import Event

import numpy as np
import pytest

from earshot.serving.signature import Signature, TensorSpec
from earshot.serving.v1.predict_pb2 import SignatureDef
from services.modelserver.errors import InferenceFailed, SignatureNotFound

FRAME_LEVEL = Signature(
    inputs={
        "embeddings": TensorSpec(np.dtype(np.uint8), (None, None, 4)),
        "num_frames": TensorSpec(np.dtype(np.int32), (None,)),
    },
    outputs={
        "patch_scores": TensorSpec(np.dtype(np.float32), (None, None, 4)),
        "scores": TensorSpec(np.dtype(np.float32), (None, 4)),
    },
)
POISON = 255


class FakeModel:
    """Masks like a frame-level model, waits while `gate` is closed, and fails on `POISON`.

    The one signature of a version that holds nothing else, so it is both.
    """

    def __init__(self, signature: Signature = FRAME_LEVEL) -> None:
        self.signature = signature
        self.signature_defs = {"serving_default": SignatureDef()}
        self.runtime = "openvino"
        self.precision = "f32"
        self.gate = Event()
        self.gate.set()
        self.started = Event()
        self.batches: list[list[int]] = []
        self.is_closed = False

    def model(self, signature_name):
        if signature_name not in self.signature_defs:
            raise SignatureNotFound(f'Serving signature key "{signature_name}" not found.')
        return self

    def close(self):
        self.is_closed = True

    def run(self, inputs):
        self.batches.append(list(inputs["embeddings"].shape[:2]))
        self.started.set()
        self.gate.wait(10)
        if (inputs["embeddings"] == POISON).any():
            raise InferenceFailed("poison")
        frames = inputs["embeddings"].astype(np.float32)
        is_real = np.arange(frames.shape[1]) < inputs["num_frames"][:, None]
        frames *= is_real[:, :, None]
        return {"patch_scores": frames, "scores": frames.sum(1)}


@pytest.fixture
def model() -> FakeModel:
    return FakeModel()


@pytest.fixture
def make_model() -> type[FakeModel]:
    return FakeModel


@pytest.fixture
def make_request():
    """`make_request(n, t, value)`: n rows of t frames, all of one value."""

    def make(num_rows: int, num_frames: int, value: int) -> dict[str, np.ndarray]:
        return {
            "embeddings": np.full((num_rows, num_frames, 4), value, np.uint8),
            "num_frames": np.full(num_rows, num_frames, np.int32),
        }

    return make
