"""The control plane of the stand-ins, and the page with the phones."""
