-- Keys of people (store/crypto/keyring.py).

-- A person's data key, wrapped by key file number `kid`. Deleting the row forgets her, in every backup of the data too.
CREATE TABLE contact_key (
    person_id uuid NOT NULL,
    kid integer NOT NULL,
    wrapped bytea NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT pk_contact_key PRIMARY KEY (person_id)
);

-- A keyed hash of who was forgotten: an older backup does not bring her back.
CREATE TABLE tombstone (
    tag bytea NOT NULL,
    at timestamptz NOT NULL,
    CONSTRAINT pk_tombstone PRIMARY KEY (tag)
);
