-- Calling staff for a case that nobody has (store/escalation).

-- `case_id` NULL: a drill. One climb of a case is open at most; a higher level ends it and begins another.
CREATE TABLE climb (
    id bigint GENERATED ALWAYS AS IDENTITY,
    case_id uuid,
    level smallint NOT NULL,
    code text NOT NULL,
    province text NOT NULL DEFAULT '',
    needs text[] NOT NULL DEFAULT '{}',
    since timestamptz NOT NULL,
    reached integer NOT NULL DEFAULT -1,
    ended_at timestamptz,
    ended_by uuid,
    CONSTRAINT pk_climb PRIMARY KEY (id),
    CONSTRAINT fk_climb_case_id FOREIGN KEY (case_id) REFERENCES case_file(id) ON DELETE CASCADE
);
CREATE INDEX ix_climb_case ON climb (case_id);
CREATE UNIQUE INDEX uq_climb_open ON climb (case_id) WHERE ended_at IS NULL;

-- Each step of the ladder, due by a row of due_item.
CREATE TABLE rung (
    id bigint GENERATED ALWAYS AS IDENTITY,
    climb_id bigint NOT NULL,
    n integer NOT NULL,
    due_at timestamptz NOT NULL,
    done_at timestamptz,
    called integer NOT NULL DEFAULT 0,
    CONSTRAINT pk_rung PRIMARY KEY (id),
    CONSTRAINT uq_rung_climb_id_n UNIQUE (climb_id, n),
    CONSTRAINT fk_rung_climb_id FOREIGN KEY (climb_id) REFERENCES climb(id) ON DELETE CASCADE
);

-- One row for each member, way and rung: nobody is called twice for the same.
CREATE TABLE call (
    id bigint GENERATED ALWAYS AS IDENTITY,
    rung_id bigint NOT NULL,
    staff_id uuid NOT NULL,
    way text NOT NULL,
    fate smallint NOT NULL,
    tries smallint NOT NULL DEFAULT 0,
    not_before timestamptz NOT NULL,
    not_after timestamptz NOT NULL,
    reason text,
    changed_at timestamptz NOT NULL,
    CONSTRAINT pk_call PRIMARY KEY (id),
    CONSTRAINT uq_call_rung_id_staff_id_way UNIQUE (rung_id, staff_id, way),
    CONSTRAINT fk_call_rung_id FOREIGN KEY (rung_id) REFERENCES rung(id) ON DELETE CASCADE,
    CONSTRAINT fk_call_staff_id FOREIGN KEY (staff_id) REFERENCES staff(id)
);
CREATE INDEX ix_call_open ON call (way, not_before) WHERE fate IN (0, 1);
