"""The directory of services: numbers by place, opening hours, hand-off, areas."""
