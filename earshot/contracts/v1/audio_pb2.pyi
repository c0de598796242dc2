from earshot.contracts.v1 import header_pb2 as _header_pb2
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class AudioChunk(_message.Message):
    __slots__ = ("header", "pcm_s16le", "source_rate_hz", "level_dbfs", "peak_dbfs")
    HEADER_FIELD_NUMBER: _ClassVar[int]
    PCM_S16LE_FIELD_NUMBER: _ClassVar[int]
    SOURCE_RATE_HZ_FIELD_NUMBER: _ClassVar[int]
    LEVEL_DBFS_FIELD_NUMBER: _ClassVar[int]
    PEAK_DBFS_FIELD_NUMBER: _ClassVar[int]
    header: _header_pb2.Header
    pcm_s16le: bytes
    source_rate_hz: int
    level_dbfs: float
    peak_dbfs: float
    def __init__(self, header: _Optional[_Union[_header_pb2.Header, _Mapping]] = ..., pcm_s16le: _Optional[bytes] = ..., source_rate_hz: _Optional[int] = ..., level_dbfs: _Optional[float] = ..., peak_dbfs: _Optional[float] = ...) -> None: ...
