"""Loads folders of real posts through the topics that their services would use."""
