"""Sound as numbers: from samples at any rate to log-mel patches. numpy and soxr alone."""
