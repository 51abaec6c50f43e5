"""Calling a member of staff: every way behind one small contract, each at its own pace."""
