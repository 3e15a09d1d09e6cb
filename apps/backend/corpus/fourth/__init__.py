"""A fourth family of layouts, written before the rules were changed for the third and never looked at while changing them."""
