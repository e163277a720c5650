"""The page of forms the offices ask for."""
