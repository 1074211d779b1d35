"""Properties that hold for every input, tried with thousands that nobody would think of."""
