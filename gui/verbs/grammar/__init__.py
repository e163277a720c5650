"""What can be typed, by what it is about: each module says its verbs and fills their arguments."""
