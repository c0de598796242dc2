"""From scores to sound events: labels, thresholds, and what started and ended when. Pure."""
