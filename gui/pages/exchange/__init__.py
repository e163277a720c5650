"""Sending the village's file, and receiving what the office sends back."""
