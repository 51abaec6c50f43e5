-- Cases, their lines, and who may read them (store/cases, store/casework).

-- A person has one open case at most. `communes`: areas of her groups, whose staff are kept away unless `commune_ok`.
-- `told_at`: when she was told that nobody has taken it yet.
CREATE TABLE case_file (
    id uuid NOT NULL,
    number text NOT NULL,
    alias text NOT NULL,
    person_id uuid NOT NULL,
    account smallint NOT NULL,
    binding_ct bytea NOT NULL,
    level smallint NOT NULL,
    reason text NOT NULL,
    state text NOT NULL DEFAULT 'receive',
    place text NOT NULL DEFAULT '',
    flags text[] NOT NULL DEFAULT '{}',
    opened_at timestamptz NOT NULL,
    level_at timestamptz NOT NULL,
    waiting_since timestamptz,
    acked_by uuid,
    acked_at timestamptz,
    closed_at timestamptz,
    contact text NOT NULL DEFAULT '',
    communes text[] NOT NULL DEFAULT '{}',
    commune_ok boolean NOT NULL DEFAULT false,
    needs text[] NOT NULL DEFAULT '{}',
    next_step text NOT NULL DEFAULT '',
    next_day date,
    console_at timestamptz,
    told_at timestamptz,
    CONSTRAINT pk_case_file PRIMARY KEY (id),
    CONSTRAINT uq_case_file_number UNIQUE (number),
    CONSTRAINT fk_case_file_account FOREIGN KEY (account) REFERENCES account(id),
    CONSTRAINT fk_case_file_person_id FOREIGN KEY (person_id) REFERENCES person(id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX uq_case_file_open ON case_file (person_id) WHERE closed_at IS NULL;

-- The public half of each epoch; who may not read any more gets no copy of the next one.
CREATE TABLE case_key (
    case_id uuid NOT NULL,
    epoch integer NOT NULL,
    public bytea NOT NULL,
    CONSTRAINT pk_case_key PRIMARY KEY (case_id, epoch),
    CONSTRAINT fk_case_key_case_id FOREIGN KEY (case_id) REFERENCES case_file(id) ON DELETE CASCADE
);

-- The private half, wrapped for each reader and for the recovery key.
CREATE TABLE case_key_copy (
    case_id uuid NOT NULL,
    epoch integer NOT NULL,
    reader_id uuid NOT NULL,
    wrapped bytea NOT NULL,
    CONSTRAINT pk_case_key_copy PRIMARY KEY (case_id, epoch, reader_id),
    CONSTRAINT fk_case_key_copy_case_id FOREIGN KEY (case_id) REFERENCES case_file(id) ON DELETE CASCADE
);

-- What was said, sealed to the key of its epoch; (`cause_kind`, `cause`) keeps a line from coming twice.
CREATE TABLE case_line (
    id bigint GENERATED ALWAYS AS IDENTITY,
    case_id uuid NOT NULL,
    direction text NOT NULL,
    at timestamptz NOT NULL,
    epoch integer NOT NULL,
    sealed bytea NOT NULL,
    author uuid,
    cause_kind smallint NOT NULL,
    cause text NOT NULL,
    CONSTRAINT pk_case_line PRIMARY KEY (id),
    CONSTRAINT uq_case_line_case_id_cause_kind_cause UNIQUE (case_id, cause_kind, cause),
    CONSTRAINT fk_case_line_case_id FOREIGN KEY (case_id) REFERENCES case_file(id) ON DELETE CASCADE
);
CREATE INDEX ix_case_line_case_id ON case_line (case_id);

-- Who must not read a case: she was kept away from it, or has given it away.
CREATE TABLE case_shut (
    case_id uuid NOT NULL,
    staff_id uuid NOT NULL,
    at timestamptz NOT NULL,
    CONSTRAINT pk_case_shut PRIMARY KEY (case_id, staff_id),
    CONSTRAINT fk_case_shut_case_id FOREIGN KEY (case_id) REFERENCES case_file(id) ON DELETE CASCADE,
    CONSTRAINT fk_case_shut_staff_id FOREIGN KEY (staff_id) REFERENCES staff(id)
);

-- An answer that is not finished, sealed to who writes it.
CREATE TABLE case_draft (
    case_id uuid NOT NULL,
    staff_id uuid NOT NULL,
    wrapped bytea NOT NULL,
    at timestamptz NOT NULL,
    CONSTRAINT pk_case_draft PRIMARY KEY (case_id, staff_id),
    CONSTRAINT fk_case_draft_case_id FOREIGN KEY (case_id) REFERENCES case_file(id) ON DELETE CASCADE,
    CONSTRAINT fk_case_draft_staff_id FOREIGN KEY (staff_id) REFERENCES staff(id)
);
