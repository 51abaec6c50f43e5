-- Rotating tokens of channels (store/crypto/oauth_tokens.py).

-- `seeds` are marks of the pairs that were taken from the settings: each is taken once.
CREATE TABLE channel_token (
    name text NOT NULL,
    access_ct bytea NOT NULL,
    refresh_ct bytea NOT NULL,
    access_expires_at timestamptz NOT NULL,
    refresh_issued_at timestamptz NOT NULL,
    version integer NOT NULL,
    state text NOT NULL DEFAULT 'valid',
    rotated_at timestamptz NOT NULL,
    previous_ct bytea,
    seeds bytea[] NOT NULL DEFAULT '{}',
    CONSTRAINT pk_channel_token PRIMARY KEY (name)
);

-- One row before each use of a refresh token: what a dead process cannot tell.
CREATE TABLE channel_token_attempt (
    name text NOT NULL,
    version integer NOT NULL,
    n integer NOT NULL,
    at timestamptz NOT NULL,
    CONSTRAINT pk_channel_token_attempt PRIMARY KEY (name, version, n)
);
