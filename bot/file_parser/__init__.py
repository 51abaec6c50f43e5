"""Files from outside are taken apart in a process of its own, without keys and with limits."""
