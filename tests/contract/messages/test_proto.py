"""The generated code is what the definitions say."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[3]


def test_committed_code_is_what_protoc_makes_of_the_definitions(tmp_path: Path) -> None:
    pytest.importorskip("grpc_tools", reason="needs grpcio-tools (make setup)")
    protos = sorted((REPOSITORY / "proto").rglob("*.proto"))
    assert protos
    outputs = [f"--python_out={tmp_path}", f"--pyi_out={tmp_path}"]
    command = [sys.executable, "-m", "grpc_tools.protoc", f"-I{REPOSITORY / 'proto'}", *outputs]
    subprocess.run([*command, *map(str, protos)], check=True)
    made = sorted(path.relative_to(tmp_path) for path in tmp_path.rglob("*_pb2.py*"))
    committed = sorted(
        path.relative_to(REPOSITORY)
        for path in (REPOSITORY / "earshot").rglob("*_pb2.py*")
        if "__pycache__" not in path.parts
    )
    assert made == committed
    for path in made:
        assert (tmp_path / path).read_text() == (REPOSITORY / path).read_text(), path
