"""A small typed client of Zalo's official interfaces: OAuth, the Official Account OpenAPI, its webhooks."""
