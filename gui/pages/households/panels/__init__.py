"""Small forms that open inside the page for one fact each, and close when it is recorded."""
