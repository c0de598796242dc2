"""Generated from `proto/earshot/serving/v1`; `make proto` writes it anew."""
