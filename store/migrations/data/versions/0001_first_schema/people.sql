-- People and their conversations (store/people).

-- The accounts of this house on the platforms: a small number stands for each in every other table.
CREATE TABLE account (
    id smallserial NOT NULL,
    name text NOT NULL,
    channel text NOT NULL,
    CONSTRAINT pk_account PRIMARY KEY (id),
    CONSTRAINT uq_account_name UNIQUE (name)
);

-- `bidx` finds her by her address, `address_ct` is the address under her own key, which lies in the keyring.
CREATE TABLE person (
    id uuid NOT NULL,
    account smallint NOT NULL,
    bidx bytea NOT NULL,
    address_ct bytea NOT NULL,
    reachable boolean NOT NULL DEFAULT true,
    created_at timestamptz NOT NULL,
    tied boolean NOT NULL DEFAULT false,
    CONSTRAINT pk_person PRIMARY KEY (id),
    CONSTRAINT uq_person_bidx UNIQUE (bidx),
    CONSTRAINT fk_person_account FOREIGN KEY (account) REFERENCES account(id)
);

-- Most people are tied to nothing. Only whose `tied` is true has her plan, memberships, subscriptions and recordings
-- looked up when a batch is loaded; each table that ties somebody marks her itself, whoever writes the row.
CREATE FUNCTION tie() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE person SET tied = true FROM added WHERE person.id = added.person_id AND NOT person.tied;
  RETURN NULL;
END $$;

-- Where she is in a flow, under her key. A row is written with every message: the free room keeps it on its page.
CREATE TABLE session (
    person_id uuid NOT NULL,
    version integer NOT NULL DEFAULT 0,
    state_ct bytea,
    last_in_at timestamptz,
    stopped boolean NOT NULL DEFAULT false,
    quiet_until timestamptz,
    CONSTRAINT pk_session PRIMARY KEY (person_id),
    CONSTRAINT fk_session_person_id FOREIGN KEY (person_id) REFERENCES person(id) ON DELETE CASCADE
) WITH (fillfactor=60);

-- What she agreed to or took back, by purpose and version of the words; the newest row counts.
CREATE TABLE consent (
    id serial NOT NULL,
    person_id uuid NOT NULL,
    purpose text NOT NULL,
    version text NOT NULL,
    given boolean NOT NULL,
    at timestamptz NOT NULL,
    CONSTRAINT pk_consent PRIMARY KEY (id),
    CONSTRAINT fk_consent_person_id FOREIGN KEY (person_id) REFERENCES person(id) ON DELETE CASCADE
);
CREATE INDEX ix_consent_person_id ON consent (person_id);
