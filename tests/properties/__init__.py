"""Properties that hold for all inputs; a package, since its files are named like those above."""
