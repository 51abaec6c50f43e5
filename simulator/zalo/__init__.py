"""A stand-in for Zalo's Official Account OpenAPI, OAuth and webhooks, with every limit that bites in real life.

Zalo's own documentation could not be opened; what is not verified in its SDKs or in running code is an
assumption, and a setting of `OfficialAccount` where the sources disagree.
Source: zaloplatform/zalo-java-sdk (2024-10), zaloplatform/zalo-php-sdk (2023-12), nextlevelbuilder/goclaw and
chatwoot/chatwoot (running code), transcriptions of docs.zaloplatforms.com (2026-08 to 2026-09).
"""
