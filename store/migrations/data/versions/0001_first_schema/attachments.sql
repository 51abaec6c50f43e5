-- What is attached to the lines of a case (store/attachments).

-- A line has one at most. While `state` is 0 it waits to be fetched.
CREATE TABLE case_attachment (
    id uuid NOT NULL,
    case_id uuid NOT NULL,
    line_id bigint,
    kind text NOT NULL,
    state smallint NOT NULL,
    reason text NOT NULL DEFAULT '',
    account smallint NOT NULL,
    author uuid,
    at timestamptz NOT NULL,
    tries smallint NOT NULL DEFAULT 0,
    next_try timestamptz,
    reference_ct bytea,
    epoch integer,
    sealed bytea,
    copy_ct bytea,
    link_hash bytea,
    link_until timestamptz,
    CONSTRAINT pk_case_attachment PRIMARY KEY (id),
    CONSTRAINT uq_case_attachment_line_id UNIQUE (line_id),
    CONSTRAINT uq_case_attachment_link_hash UNIQUE (link_hash),
    CONSTRAINT fk_case_attachment_account FOREIGN KEY (account) REFERENCES account(id),
    CONSTRAINT fk_case_attachment_case_id FOREIGN KEY (case_id) REFERENCES case_file(id) ON DELETE CASCADE,
    CONSTRAINT fk_case_attachment_line_id FOREIGN KEY (line_id) REFERENCES case_line(id) ON DELETE CASCADE
);
CREATE INDEX ix_case_attachment_case_id ON case_attachment (case_id);
CREATE INDEX ix_case_attachment_waiting ON case_attachment (next_try) WHERE state = 0;
