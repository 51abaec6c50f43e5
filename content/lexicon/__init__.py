"""The lexicon: rules, sets and weights that understanding reads."""
