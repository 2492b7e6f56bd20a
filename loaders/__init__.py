"""Batched reads for fields of objects in lists; one request long."""
