from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Flag(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    FLAG_UNSPECIFIED: _ClassVar[Flag]
    FLAG_END_OF_SESSION: _ClassVar[Flag]
    FLAG_GAP: _ClassVar[Flag]
    FLAG_SILENT: _ClassVar[Flag]
    FLAG_CLIPPED: _ClassVar[Flag]

class SourceState(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    SOURCE_STATE_UNSPECIFIED: _ClassVar[SourceState]
    SOURCE_STATE_LISTENING: _ClassVar[SourceState]
    SOURCE_STATE_STALLED: _ClassVar[SourceState]
    SOURCE_STATE_PAUSED: _ClassVar[SourceState]
    SOURCE_STATE_STOPPED: _ClassVar[SourceState]
FLAG_UNSPECIFIED: Flag
FLAG_END_OF_SESSION: Flag
FLAG_GAP: Flag
FLAG_SILENT: Flag
FLAG_CLIPPED: Flag
SOURCE_STATE_UNSPECIFIED: SourceState
SOURCE_STATE_LISTENING: SourceState
SOURCE_STATE_STALLED: SourceState
SOURCE_STATE_PAUSED: SourceState
SOURCE_STATE_STOPPED: SourceState

class Header(_message.Message):
    __slots__ = ("device_id", "session_id", "sequence", "first_sample", "captured_at_ns", "flags", "gap_before_samples", "gap_reason", "source_state")
    DEVICE_ID_FIELD_NUMBER: _ClassVar[int]
    SESSION_ID_FIELD_NUMBER: _ClassVar[int]
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    FIRST_SAMPLE_FIELD_NUMBER: _ClassVar[int]
    CAPTURED_AT_NS_FIELD_NUMBER: _ClassVar[int]
    FLAGS_FIELD_NUMBER: _ClassVar[int]
    GAP_BEFORE_SAMPLES_FIELD_NUMBER: _ClassVar[int]
    GAP_REASON_FIELD_NUMBER: _ClassVar[int]
    SOURCE_STATE_FIELD_NUMBER: _ClassVar[int]
    device_id: str
    session_id: str
    sequence: int
    first_sample: int
    captured_at_ns: int
    flags: _containers.RepeatedScalarFieldContainer[Flag]
    gap_before_samples: int
    gap_reason: str
    source_state: SourceState
    def __init__(self, device_id: _Optional[str] = ..., session_id: _Optional[str] = ..., sequence: _Optional[int] = ..., first_sample: _Optional[int] = ..., captured_at_ns: _Optional[int] = ..., flags: _Optional[_Iterable[_Union[Flag, str]]] = ..., gap_before_samples: _Optional[int] = ..., gap_reason: _Optional[str] = ..., source_state: _Optional[_Union[SourceState, str]] = ...) -> None: ...
