-- What people tell without being anybody (store/submissions): no person, no hour, only a day.

CREATE TABLE tip (
    id bigint GENERATED ALWAYS AS IDENTITY,
    day timestamptz NOT NULL,
    kind text NOT NULL,
    seen text NOT NULL,
    area text NOT NULL DEFAULT '',
    state text NOT NULL DEFAULT 'new',
    CONSTRAINT pk_tip PRIMARY KEY (id)
);
CREATE INDEX ix_tip_day ON tip (day);

CREATE TABLE dialogue_question (
    id bigint GENERATED ALWAYS AS IDENTITY,
    day timestamptz NOT NULL,
    topic text NOT NULL,
    body_ct bytea NOT NULL,
    state text NOT NULL DEFAULT 'waiting',
    CONSTRAINT pk_dialogue_question PRIMARY KEY (id)
);
CREATE INDEX ix_dialogue_question_day ON dialogue_question (day);
