"""What goes in and out: channels, intake, pipeline, sender."""
