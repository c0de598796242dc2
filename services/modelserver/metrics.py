"""What the model server counts."""

from __future__ import annotations

from prometheus_client import Counter, Gauge, Histogram

REQUESTS = Counter(
    "earshot_modelserver_requests", "Calls answered, by method and code.", ["method", "code"]
)
BATCH_ROWS = Histogram(
    "earshot_modelserver_batch_rows",
    "Rows computed together.",
    ["model"],
    buckets=[1, 2, 4, 8, 16, 32, 64, 128, 256],
)
INFERENCE_SECONDS = Histogram(
    "earshot_modelserver_inference_seconds",
    "Time of one inference, whatever its rows.",
    ["model"],
    buckets=[0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0],
)
QUEUED_REQUESTS = Gauge(
    "earshot_modelserver_queued_requests", "Requests that wait for the batch under way.", ["model"]
)
SERVED_VERSION = Gauge(
    "earshot_modelserver_served_version", "Version in service.", ["model", "precision"]
)
