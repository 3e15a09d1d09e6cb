"""Coverage-guided fuzzing of every reader: whatever the bytes, it answers, or says that it cannot read them."""
