"""Root fields: each validates, calls one use case and converts its answer."""
