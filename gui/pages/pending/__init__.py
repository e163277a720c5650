"""What waits for a person: disputes and doubtful entries, settled one by one by key."""
