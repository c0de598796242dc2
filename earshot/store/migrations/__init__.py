"""The way from one schema to the next, one file for each step, run by `earshot.store.migrate`."""
