"""Paging staff: every transport behind one small contract, each at its own pace."""
