-- Sign-ins of staff (store/staff); in no backup.

-- Found by a hash of the cookie; her opened vault is sealed with the cookie itself.
CREATE TABLE staff_session (
    sid_hash bytea NOT NULL,
    staff_id uuid NOT NULL,
    vault_ct bytea NOT NULL,
    created_at timestamptz NOT NULL,
    last_seen_at timestamptz NOT NULL,
    agent text NOT NULL,
    CONSTRAINT pk_staff_session PRIMARY KEY (sid_hash)
);
CREATE INDEX ix_staff_session_staff_id ON staff_session (staff_id);

-- `tag` is a keyed hash of who tried.
CREATE TABLE login_attempt (
    id bigint GENERATED ALWAYS AS IDENTITY,
    tag bytea NOT NULL,
    at timestamptz NOT NULL,
    failed boolean NOT NULL DEFAULT true,
    CONSTRAINT pk_login_attempt PRIMARY KEY (id)
);
CREATE INDEX ix_login_attempt ON login_attempt (tag, at);
