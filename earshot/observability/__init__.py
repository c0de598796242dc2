"""Logs and metrics, the same in every service. Importing does nothing; `__main__` switches them on.

Modules log with `structlog.get_logger(__name__)`: `log.info("chunk dropped", reason="full")`.
Metrics are `prometheus_client` objects named `earshot_<thing>_<unit>_total` or `_seconds`.
"""

from earshot.observability.logs import configure_logging
from earshot.observability.metrics import MetricsServer, start_metrics

__all__ = ["MetricsServer", "configure_logging", "start_metrics"]
