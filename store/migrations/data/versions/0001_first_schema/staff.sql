-- Who works here, when, and how each is called (store/staff).

-- `vault` is the private half of `public_key` under her passphrase. `langs`: whose words and voices she may judge; NULL
-- is every language.
CREATE TABLE staff (
    id uuid NOT NULL,
    login text NOT NULL,
    alias text NOT NULL,
    roles text[] NOT NULL,
    scope text NOT NULL,
    public_key bytea NOT NULL,
    vault bytea NOT NULL,
    active boolean NOT NULL DEFAULT true,
    created_at timestamptz NOT NULL,
    langs text[],
    CONSTRAINT pk_staff PRIMARY KEY (id),
    CONSTRAINT uq_staff_login UNIQUE (login)
);

-- Who is on duty at which place of a shift, for which province, with which skills.
CREATE TABLE roster (
    id bigint GENERATED ALWAYS AS IDENTITY,
    staff_id uuid NOT NULL,
    starts_at timestamptz NOT NULL,
    ends_at timestamptz NOT NULL,
    rung smallint NOT NULL,
    province text NOT NULL,
    skills text[] NOT NULL DEFAULT '{}',
    CONSTRAINT pk_roster PRIMARY KEY (id),
    CONSTRAINT fk_roster_staff_id FOREIGN KEY (staff_id) REFERENCES staff(id),
    CONSTRAINT ck_roster_forward CHECK (starts_at < ends_at),
    CONSTRAINT ck_roster_rung CHECK (rung BETWEEN 0 AND 99)
);
CREATE INDEX ix_roster_ends ON roster (ends_at);

-- Ways to call a member: her own chat (`person_id`), or an address sealed to the house.
CREATE TABLE staff_contact (
    staff_id uuid NOT NULL,
    way text NOT NULL,
    person_id uuid,
    address_ct bytea,
    bound_at timestamptz NOT NULL,
    CONSTRAINT pk_staff_contact PRIMARY KEY (staff_id, way),
    CONSTRAINT fk_staff_contact_person_id FOREIGN KEY (person_id) REFERENCES person(id) ON DELETE CASCADE,
    CONSTRAINT fk_staff_contact_staff_id FOREIGN KEY (staff_id) REFERENCES staff(id)
);
CREATE INDEX ix_staff_contact_person_id ON staff_contact (person_id);

-- Codes that bind a chat to a member, kept as a keyed hash.
CREATE TABLE staff_code (
    code_tag bytea NOT NULL,
    staff_id uuid NOT NULL,
    expires_at timestamptz NOT NULL,
    used_at timestamptz,
    CONSTRAINT pk_staff_code PRIMARY KEY (code_tag),
    CONSTRAINT fk_staff_code_staff_id FOREIGN KEY (staff_id) REFERENCES staff(id)
);
