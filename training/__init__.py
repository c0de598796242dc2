"""Training: data in, model bundles out. No service imports this package."""
