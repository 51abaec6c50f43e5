-- Being forgotten, and what was swept (store/privacy).

-- Written with the step that heard the wish, done once its answer has left; or reported by a platform (withdrawn_at).
CREATE TABLE forget_wish (
    person_id uuid NOT NULL,
    asked_at timestamptz NOT NULL,
    silent_hours smallint NOT NULL,
    withdrawn_at timestamptz,
    CONSTRAINT pk_forget_wish PRIMARY KEY (person_id),
    CONSTRAINT fk_forget_wish_person_id FOREIGN KEY (person_id) REFERENCES person(id) ON DELETE CASCADE
);

-- One row for each class and sweep: what was removed, and what was left, which must be nothing.
CREATE TABLE retention_run (
    id bigint GENERATED ALWAYS AS IDENTITY,
    at timestamptz NOT NULL,
    "class" text NOT NULL,
    removed bigint NOT NULL,
    "left" bigint NOT NULL,
    CONSTRAINT pk_retention_run PRIMARY KEY (id)
);
CREATE INDEX ix_retention_run_class ON retention_run ("class", id);
