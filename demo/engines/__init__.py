"""The engines that the demo and the tests start by themselves, one per file."""
