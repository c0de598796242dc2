"""What can go wrong in the model server, and what its callers are told.

ModelServerError
├── LoadError                a version cannot be served: GetModelStatus tells why; copy it again
│   ├── ModelRejected        it is whole, but not for OpenVINO: TensorFlow may run it
│   ├── TensorFlowMissing    TensorFlow is needed and not to be had: `earshot[tensorflow]`
│   └── PrecisionUnsupported this CPU cannot compute that way: choose another precision
├── RequestError             a request cannot be answered; the message is for whoever asked
│   ├── InvalidInput         INVALID_ARGUMENT: the tensors do not fit the signature
│   ├── BadConfig            INVALID_ARGUMENT: a configuration of models that makes no sense
│   ├── ReloadIncomplete     FAILED_PRECONDITION: a new configuration is in force, but not all of it
│   ├── OutputsUnwritable    INVALID_ARGUMENT: outputs that the JSON asked for cannot hold
│   ├── ModelNotFound        NOT_FOUND: no such model or version
│   ├── SignatureNotFound    FAILED_PRECONDITION: the model has no such signature
│   ├── SignatureUnavailable FAILED_PRECONDITION: it has it, but the server cannot run it
│   ├── StillLoading         UNAVAILABLE: the server has just started, ask again later
│   ├── QueueFull            UNAVAILABLE: too many requests wait already, ask again later
│   ├── CallerGone           CANCELLED: the deadline has passed or the caller hung up
│   └── InferenceFailed      INTERNAL: the runtime could not compute this request
└── Retired                  this version has just left service: ask the repository again
"""

from __future__ import annotations


class ModelServerError(Exception):
    """Root of everything the model server raises."""


class LoadError(ModelServerError):
    """A version cannot be served."""


class ModelRejected(LoadError):
    """OpenVINO cannot run the model, though nothing is missing or damaged."""


class TensorFlowMissing(LoadError):
    """A model needs TensorFlow, which is not installed or cannot be imported."""


class PrecisionUnsupported(LoadError):
    """This CPU cannot compute in the precision asked for."""


class RequestError(ModelServerError):
    """A request cannot be answered."""


class InvalidInput(RequestError):
    """The tensors or names of a request do not fit the signature."""


class BadConfig(RequestError):
    """A configuration of models that makes no sense."""


class ReloadIncomplete(RequestError):
    """A new configuration is in force, but a model or a label of it cannot be served."""


class OutputsUnwritable(RequestError):
    """The outputs make no rows, or hold bytes that are no text, so JSON cannot give them."""


class ModelNotFound(RequestError):
    """No such model, or not in this version."""


class SignatureNotFound(RequestError):
    """The model has no signature of this name."""


class SignatureUnavailable(RequestError):
    """The model has the signature, but neither OpenVINO nor TensorFlow can run it here."""


class StillLoading(RequestError):
    """The models found at the start are not all loaded yet."""


class QueueFull(RequestError):
    """Too many requests wait already."""


class CallerGone(RequestError):
    """Nobody waits for the answer any more."""


class InferenceFailed(RequestError):
    """The runtime could not compute a request that fits the signature."""


class Retired(ModelServerError):
    """The version takes no more requests; another one does."""
