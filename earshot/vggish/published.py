"""The files of VGGish as they are published: where, under which names, with which checksums.

Source: tensorflow/models, research/audioset/vggish/README.md. Google publishes no checksums; those
here are pinned by cosmir/openmic-2018, that of the projection was measured as well, with its size.
How many bytes the checkpoint has is not published either: about 277 MiB.
"""

from __future__ import annotations

from dataclasses import dataclass

from earshot.vggish.network import Widths

SOURCE_URL = "https://storage.googleapis.com/audioset"


@dataclass(frozen=True, slots=True)
class PublishedFile:
    """One file.

    Attributes:
        name: Also the last part of its URL.
        md5: In lower-case hex.
        max_bytes: Nothing longer is downloaded.
    """

    name: str
    md5: str
    max_bytes: int


@dataclass(frozen=True, slots=True)
class Release:
    """The files that belong together.

    Attributes:
        checkpoint: The network.
        pca: The projection behind it.
        widths: Of the network.
    """

    checkpoint: PublishedFile
    pca: PublishedFile
    widths: Widths


OFFICIAL = Release(
    PublishedFile("vggish_model.ckpt", "d1c7011e6366aa34176bb05c705e31a8", 300 * 2**20),
    PublishedFile("vggish_pca_params.npz", "c80cae691033abe7c7ecd11ea39fc834", 73_020),
    Widths(),
)
