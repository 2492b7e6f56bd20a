"""A small world that a seed makes up: categories, people, follows, posts and what people did."""
