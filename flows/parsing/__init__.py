"""What typed answers mean: ages, places, yes and no, code words, our own cards."""
