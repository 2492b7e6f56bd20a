"""People and services that keep a demo alive: they write, react, look around and take part."""
