-- Broadcasts and the cards they carry (store/broadcasts).

-- Proposed by a person or by a member of staff, never by both. `cursor` is how far its audience has been planned.
CREATE TABLE broadcast (
    id bigint GENERATED ALWAYS AS IDENTITY,
    group_id integer NOT NULL,
    card text NOT NULL,
    digest bytea NOT NULL,
    state text NOT NULL DEFAULT 'proposed',
    author_person uuid,
    author_staff uuid,
    proposed_at timestamptz NOT NULL,
    decided_by uuid,
    decided_at timestamptz,
    not_after timestamptz,
    cursor uuid,
    planned integer NOT NULL DEFAULT 0,
    planned_at timestamptz,
    ended_at timestamptz,
    ended_by uuid,
    CONSTRAINT pk_broadcast PRIMARY KEY (id),
    CONSTRAINT fk_broadcast_group_id FOREIGN KEY (group_id) REFERENCES village_group(id),
    CONSTRAINT ck_broadcast_one_author CHECK ((author_person IS NULL) <> (author_staff IS NULL))
);
CREATE INDEX ix_broadcast_moving ON broadcast (id) WHERE state IN ('sending', 'paused');

-- The words that were approved, by channel and language.
CREATE TABLE broadcast_text (
    broadcast_id bigint NOT NULL,
    channel text NOT NULL,
    lang text NOT NULL,
    shown bytea NOT NULL,
    CONSTRAINT pk_broadcast_text PRIMARY KEY (broadcast_id, channel, lang),
    CONSTRAINT fk_broadcast_text_broadcast_id FOREIGN KEY (broadcast_id) REFERENCES broadcast(id) ON DELETE CASCADE
);

-- Who approved exactly these words: `digest` is theirs. Nobody in a demo.
CREATE TABLE card_approval (
    card text NOT NULL,
    lang text NOT NULL,
    digest bytea NOT NULL,
    approved_by uuid,
    at timestamptz NOT NULL,
    CONSTRAINT pk_card_approval PRIMARY KEY (card, lang, digest)
);

-- Cards a person has taken off every screen.
CREATE TABLE card_recall (
    card text NOT NULL,
    instead text NOT NULL,
    because text NOT NULL,
    since timestamptz NOT NULL,
    staff_id uuid NOT NULL,
    CONSTRAINT pk_card_recall PRIMARY KEY (card)
);
