"""Learning the weights of the understanding from labelled phrases and from ordinary messages of real people."""
