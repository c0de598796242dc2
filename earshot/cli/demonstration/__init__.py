"""What `earshot demo` does: plays sounds whose truth is known, and compares what was heard."""
