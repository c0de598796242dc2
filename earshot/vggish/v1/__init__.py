"""Generated from `proto/earshot/vggish/v1`; `make proto` writes it anew."""
