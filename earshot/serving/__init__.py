"""Client of TensorFlow Serving's API without TensorFlow: `client.ServingClient`.

The messages are in `v1` (from `proto/earshot/serving/v1`), numpy arrays go in and out through
`tensor`, signatures through `signature`, those of a model's own file through `saved_model`. The
embedded model server speaks with the same parts.
"""
