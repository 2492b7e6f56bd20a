"""The product on one machine from one command: engines, processes, a world and its people."""
