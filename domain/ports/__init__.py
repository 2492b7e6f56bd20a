"""What services and consumers need of the world, as protocols; adapters are in ``stores``.

A module has a port, or a few that belong together, and the values that travel with them.

Every call has a deadline of its own inside the adapter and raises ``Unavailable`` when it is over
or the engine refuses. Batches keep the order asked, with None for what is not there.
"""
