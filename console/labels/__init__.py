"""Labels of codes that pages show, by feature."""
