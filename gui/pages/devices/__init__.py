"""Kits for villages, and the devices that joined with them."""
