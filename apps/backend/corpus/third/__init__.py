"""A third family of layouts, written after the rules and read once: what strangers' documents come to."""
