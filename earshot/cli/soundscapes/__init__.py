"""Synthetic soundscapes with a known truth: what `earshot demo` plays. No recording is in them."""
