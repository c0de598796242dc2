"""Client of TensorFlow Serving's API without TensorFlow: `client.ServingClient`.

The messages are in `v1` (from `proto/earshot/serving/v1`), numpy arrays go in and out through
`tensor`, signatures through `signature`. The embedded model server speaks with the same parts.
"""
