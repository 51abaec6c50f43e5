-- Check-ins she agreed to (store/checkins).

-- One living plan a person. `hours` are pairs of from and to; `code_tag` is a keyed hash of her word.
CREATE TABLE check_in_plan (
    id bigint GENERATED ALWAYS AS IDENTITY,
    person_id uuid NOT NULL,
    alias text NOT NULL,
    state text NOT NULL,
    hours smallint[] NOT NULL,
    cover text NOT NULL DEFAULT '',
    lang text NOT NULL,
    code_tag bytea,
    agreed_at timestamptz NOT NULL,
    started_at timestamptz,
    started_by uuid,
    ended_at timestamptz,
    CONSTRAINT pk_check_in_plan PRIMARY KEY (id),
    CONSTRAINT fk_check_in_plan_person_id FOREIGN KEY (person_id) REFERENCES person(id) ON DELETE CASCADE,
    CONSTRAINT ck_check_in_plan_hours CHECK (cardinality(hours) >= 2 AND cardinality(hours) % 2 = 0)
);
CREATE INDEX ix_check_in_plan_person_id ON check_in_plan (person_id);
CREATE UNIQUE INDEX uq_check_in_plan_living ON check_in_plan (person_id)
    WHERE state IN ('agreed', 'active', 'paused');
CREATE TRIGGER tie AFTER INSERT ON check_in_plan REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION tie();

CREATE TABLE check_in (
    id bigint GENERATED ALWAYS AS IDENTITY,
    plan_id bigint NOT NULL,
    step smallint NOT NULL,
    state text NOT NULL DEFAULT 'planned',
    due_at timestamptz NOT NULL,
    not_after timestamptz NOT NULL,
    asked_at timestamptz,
    closed_at timestamptz,
    CONSTRAINT pk_check_in PRIMARY KEY (id),
    CONSTRAINT uq_check_in_plan_id_step UNIQUE (plan_id, step),
    CONSTRAINT fk_check_in_plan_id FOREIGN KEY (plan_id) REFERENCES check_in_plan(id) ON DELETE CASCADE
);

-- Sealed under her key.
CREATE TABLE check_in_answer (
    check_in_id bigint NOT NULL,
    question text NOT NULL,
    answer_ct bytea NOT NULL,
    at timestamptz NOT NULL,
    CONSTRAINT pk_check_in_answer PRIMARY KEY (check_in_id, question),
    CONSTRAINT fk_check_in_answer_check_in_id FOREIGN KEY (check_in_id) REFERENCES check_in(id) ON DELETE CASCADE
);
