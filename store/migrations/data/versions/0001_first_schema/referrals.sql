-- Handing a person on to a service (store/referrals).

-- What she lets us tell a service. `key` is the same for a request that is sent twice.
CREATE TABLE referral (
    id bigint GENERATED ALWAYS AS IDENTITY,
    key uuid NOT NULL,
    case_id uuid NOT NULL,
    code text NOT NULL,
    purpose text NOT NULL,
    service text NOT NULL,
    fields text[] NOT NULL,
    basis text NOT NULL,
    version text NOT NULL,
    yes text NOT NULL DEFAULT '',
    no text NOT NULL DEFAULT '',
    state text NOT NULL,
    asked_at timestamptz NOT NULL,
    asked_by uuid NOT NULL,
    answered_at timestamptz,
    confirmed_at timestamptz,
    confirmed_by uuid,
    handed_at timestamptz,
    handed_by uuid,
    way text NOT NULL DEFAULT '',
    body_ct bytea,
    tries integer NOT NULL DEFAULT 0,
    not_before timestamptz,
    receipt_at timestamptz,
    receipt_by uuid,
    withdrawn_at timestamptz,
    CONSTRAINT pk_referral PRIMARY KEY (id),
    CONSTRAINT uq_referral_key UNIQUE (key),
    CONSTRAINT fk_referral_case_id FOREIGN KEY (case_id) REFERENCES case_file(id) ON DELETE CASCADE
);
CREATE INDEX ix_referral_case_id ON referral (case_id);
