import sys

import pytest

from services.modelserver.errors import TensorFlowMissing
from services.modelserver.tensorflow_backend import TensorFlowModel


def test_tensorflow_is_missing_whatever_its_import_raises(tmp_path, monkeypatch):
    broken = tmp_path / "tensorflow.py"
    broken.write_text("raise TypeError('Descriptors cannot be created directly')")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "tensorflow", raising=False)
    monkeypatch.setenv("TF_CPP_MIN_LOG_LEVEL", "2")
    with pytest.raises(TensorFlowMissing, match=r"cannot be imported \(Descriptors cannot be"):
        TensorFlowModel(tmp_path)
