-- What shall happen later, and what only a human can do (store/jobs).

-- `kind` says whose table `subject` is a row of; one row each, so that a thing falls due once.
CREATE TABLE due_item (
    id bigint GENERATED ALWAYS AS IDENTITY,
    kind smallint NOT NULL,
    subject bigint NOT NULL,
    due_at timestamptz NOT NULL,
    not_after timestamptz NOT NULL,
    done_at timestamptz,
    CONSTRAINT pk_due_item PRIMARY KEY (id),
    CONSTRAINT uq_due_item_kind_subject UNIQUE (kind, subject)
);
CREATE INDEX ix_due_item_open ON due_item (due_at) WHERE done_at IS NULL;

-- Open once for each `kind` and `subject`.
CREATE TABLE task (
    id bigint GENERATED ALWAYS AS IDENTITY,
    kind text NOT NULL,
    subject text NOT NULL,
    person_id uuid,
    alias text NOT NULL,
    reason text NOT NULL,
    opened_at timestamptz NOT NULL,
    due_at timestamptz,
    done_at timestamptz,
    done_by uuid,
    CONSTRAINT pk_task PRIMARY KEY (id),
    CONSTRAINT fk_task_person_id FOREIGN KEY (person_id) REFERENCES person(id) ON DELETE CASCADE
);
CREATE INDEX ix_task_person_id ON task (person_id);
CREATE UNIQUE INDEX uq_task_open ON task (kind, subject) WHERE done_at IS NULL;
