"""Pages of the console, by area; one module a page."""
