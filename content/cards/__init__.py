"""Cards: shelves, templates, law, languages, readability, recalls, review gates."""
