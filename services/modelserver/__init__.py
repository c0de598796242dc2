"""TensorFlow Serving's APIs for one machine: SavedModels in OpenVINO, or else in TensorFlow.

`python -m services.modelserver` serves the newest version of each `<models_dir>/<name>/<version>/`,
takes new versions up while it runs, and computes whatever queued while it was busy as one batch.
"""
