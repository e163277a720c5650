"""Today: whom to see now and why, and how far the village is."""
