"""The terminal front: a prompt that is there at once, the shell loading behind it, and the lesson player."""
