"""The visit list: whom to put on it, how it will look on paper, and the two lists the village owes."""
