import pytest

from earshot.settings import SettingsError
from earshot.startup import load
from services.modelserver.settings import ModelServerSettings


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"modelserver_precision": "int8"}, "EARSHOT_MODELSERVER_PRECISION='int8'.*f32, bf16"),
        (
            {"modelserver_model_precisions": "demo=int8"},
            "EARSHOT_MODELSERVER_MODEL_PRECISIONS='demo=int8': must be NAME=f32 or NAME=bf16",
        ),
        ({"modelserver_model_precisions": "bf16"}, "must be NAME=f32 or NAME=bf16"),
        ({"modelserver_port": 70_000}, "EARSHOT_MODELSERVER_PORT='70000'.*from 0 to 65535"),
        ({"modelserver_num_threads": 0}, "EARSHOT_MODELSERVER_NUM_THREADS='0'.*from 1"),
        ({"modelserver_max_batch_rows": 0}, "EARSHOT_MODELSERVER_MAX_BATCH_ROWS='0'.*from 1"),
        ({"modelserver_poll_s": 0}, "EARSHOT_MODELSERVER_POLL_S='0'.*above 0"),
    ],
)
def test_start_is_refused_with_key_and_value_when_a_setting_makes_no_sense(values, sentence):
    with pytest.raises(SettingsError, match=sentence):
        load(ModelServerSettings, **values)


def test_precision_is_understood_when_written_in_capitals():
    assert load(ModelServerSettings, modelserver_precision="BF16").modelserver_precision == "bf16"


def test_each_model_has_its_precision_when_read_from_the_environment(monkeypatch):
    assert load(ModelServerSettings).modelserver_model_precisions == {}
    monkeypatch.setenv("EARSHOT_MODELSERVER_MODEL_PRECISIONS", "demo=BF16, a.b=f32")
    precisions = load(ModelServerSettings).modelserver_model_precisions
    assert precisions == {"demo": "bf16", "a.b": "f32"}
