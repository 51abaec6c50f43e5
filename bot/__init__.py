"""What goes in and out: channels, inbound and outbound messages, paging, monitoring, command line."""
