-- Every message in and out (store/messages), and what follows an answer (store/effects).

-- Ends a transaction as a conflict that is tried again (SQLSTATE 40001) unless every row stood where it was expected.
CREATE FUNCTION must(held boolean) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
  IF NOT coalesce(held, false) THEN RAISE EXCEPTION 'moved' USING ERRCODE = '40001'; END IF;
  RETURN true;
END $$;

-- Keys of the hour, sealed to the house: what is in the inbox opens with them and with nothing else.
CREATE TABLE inbox_key (
    id bytea NOT NULL,
    sealed bytea NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT pk_inbox_key PRIMARY KEY (id)
);

-- A platform may bring a message twice: `ext` is its own name for it. A quarantined one says by `bidx` whose it is.
CREATE TABLE inbox (
    id bigint GENERATED ALWAYS AS IDENTITY,
    account smallint NOT NULL,
    ext bytea NOT NULL,
    lane smallint NOT NULL,
    key_id bytea NOT NULL,
    sealed bytea,
    received_at timestamptz NOT NULL,
    state smallint NOT NULL DEFAULT 0,
    reason text,
    bidx bytea,
    CONSTRAINT pk_inbox PRIMARY KEY (id),
    CONSTRAINT uq_inbox_account_ext UNIQUE (account, ext),
    CONSTRAINT fk_inbox_account FOREIGN KEY (account) REFERENCES account(id)
);
CREATE INDEX ix_inbox_pending ON inbox (lane, id) WHERE state = 0;
CREATE INDEX ix_inbox_quarantined ON inbox (id) WHERE state = 2;

-- (`cause_kind`, `cause`, `n`) is what a message is for ever, so that it is written once, and a broadcast reaches a
-- person once. With `not_before` in the index of what may leave, whatever waits for the morning is passed over unread.
CREATE TABLE ledger (
    id bigint GENERATED ALWAYS AS IDENTITY,
    cause_kind smallint NOT NULL,
    cause bigint NOT NULL,
    n integer NOT NULL,
    account smallint NOT NULL,
    recipient smallint NOT NULL,
    person_id uuid,
    content smallint NOT NULL,
    priority smallint NOT NULL,
    status smallint NOT NULL DEFAULT 0,
    reason text,
    answers_at timestamptz,
    not_before timestamptz NOT NULL,
    not_after timestamptz NOT NULL,
    body_ct bytea,
    tries smallint NOT NULL DEFAULT 0,
    epoch integer NOT NULL DEFAULT 0,
    message_id text,
    created_at timestamptz NOT NULL,
    changed_at timestamptz NOT NULL,
    chat_id integer,
    CONSTRAINT pk_ledger PRIMARY KEY (id),
    CONSTRAINT uq_ledger_cause_kind_cause_n UNIQUE (cause_kind, cause, n),
    CONSTRAINT fk_ledger_account FOREIGN KEY (account) REFERENCES account(id),
    CONSTRAINT fk_ledger_chat_id FOREIGN KEY (chat_id) REFERENCES group_chat(id) ON DELETE CASCADE,
    CONSTRAINT fk_ledger_person_id FOREIGN KEY (person_id) REFERENCES person(id) ON DELETE CASCADE
);
CREATE INDEX ix_ledger_open ON ledger (account, priority, id, not_before) WHERE status IN (0, 4);
CREATE INDEX ix_ledger_person_id ON ledger (person_id);
CREATE INDEX ix_ledger_sending ON ledger (account, epoch) WHERE status = 1;
CREATE UNIQUE INDEX uq_ledger_broadcast ON ledger (cause, person_id) WHERE cause_kind = 4;

-- What is done once the answer to inbox row `cause` has left, so that the step before it tells nothing: sealed, and of
-- one size, whichever of her words it was.
CREATE TABLE later (
    id bigint GENERATED ALWAYS AS IDENTITY,
    person_id uuid NOT NULL,
    account smallint NOT NULL,
    cause bigint NOT NULL,
    n smallint NOT NULL,
    at timestamptz NOT NULL,
    sealed bytea NOT NULL,
    CONSTRAINT pk_later PRIMARY KEY (id),
    CONSTRAINT uq_later_cause_n UNIQUE (cause, n),
    CONSTRAINT fk_later_person_id FOREIGN KEY (person_id) REFERENCES person(id) ON DELETE CASCADE
);

-- The epoch of each lane and sending account: the fence against a process that has lost it.
CREATE TABLE ownership (
    kind smallint NOT NULL,
    id integer NOT NULL,
    epoch integer NOT NULL DEFAULT 0,
    CONSTRAINT pk_ownership PRIMARY KEY (kind, id)
);

-- The processes that share the work; whoever beats no more is out.
CREATE TABLE member (
    id serial NOT NULL,
    pid integer NOT NULL,
    beat_at timestamptz NOT NULL,
    CONSTRAINT pk_member PRIMARY KEY (id)
);

-- While its one row is there nothing leaves the house.
CREATE TABLE hold (
    n smallint NOT NULL DEFAULT 1,
    since timestamptz NOT NULL,
    reason text NOT NULL,
    CONSTRAINT pk_hold PRIMARY KEY (n),
    CONSTRAINT ck_hold_one CHECK (n = 1)
);

-- How far each account has been read back on its platform.
CREATE TABLE catch_up (
    account smallint NOT NULL,
    read_until timestamptz,
    heard_at timestamptz,
    CONSTRAINT pk_catch_up PRIMARY KEY (account),
    CONSTRAINT fk_catch_up_account FOREIGN KEY (account) REFERENCES account(id)
);
