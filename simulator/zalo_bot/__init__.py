"""A stand-in for the Zalo Bot Platform: the token in the path, one update a call, an envelope with `ok`.

What is not verified in running code or captured traffic is an assumption, and a setting of `Conditions` where the
sources disagree. Source: transcriptions of docs.zaloplatforms.com (2025-12 to 2026-10), nextlevelbuilder/goclaw
(2026), python-zalo-bot 0.1.9 (2026-01).
"""
