"""A second family of documents: other data, other words and another way of setting a page than the first."""
