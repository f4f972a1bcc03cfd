"""From lines of figures to a verdict and a page."""
