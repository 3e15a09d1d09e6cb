"""Prints invented fiscal documents of Spain and Ecuador in many layouts, and photographs them, with what they state."""
