-- Being forgotten, and what was swept (store/privacy).

-- Written with the step that heard the wish, done once its answer has left.
CREATE TABLE forget_wish (
    person_id uuid NOT NULL,
    asked_at timestamptz NOT NULL,
    silent_hours smallint NOT NULL,
    CONSTRAINT pk_forget_wish PRIMARY KEY (person_id),
    CONSTRAINT fk_forget_wish_person_id FOREIGN KEY (person_id) REFERENCES person(id) ON DELETE CASCADE
);

-- Reported by a platform; gone with her, or when a human has the task to decide.
CREATE TABLE withdrawal (
    person_id uuid NOT NULL,
    told_at timestamptz NOT NULL,
    CONSTRAINT pk_withdrawal PRIMARY KEY (person_id),
    CONSTRAINT fk_withdrawal_person_id FOREIGN KEY (person_id) REFERENCES person(id) ON DELETE CASCADE
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
