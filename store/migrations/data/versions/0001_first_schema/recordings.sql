-- Trusted speakers, their recordings, and how sound reaches a phone (store/recordings).

-- Codes for a speaker, kept as a keyed hash.
CREATE TABLE speaker_invitation (
    id bigint GENERATED ALWAYS AS IDENTITY,
    lang text NOT NULL,
    alias text NOT NULL,
    code_tag bytea NOT NULL,
    expires_at timestamptz NOT NULL,
    used_at timestamptz,
    created_at timestamptz NOT NULL,
    created_by uuid,
    CONSTRAINT pk_speaker_invitation PRIMARY KEY (id),
    CONSTRAINT uq_speaker_invitation_code_tag UNIQUE (code_tag)
);

-- Who lends her voice to a language.
CREATE TABLE speaker (
    person_id uuid NOT NULL,
    lang text NOT NULL,
    alias text NOT NULL,
    code_tag bytea NOT NULL,
    invited_by uuid,
    bound_at timestamptz NOT NULL,
    CONSTRAINT pk_speaker PRIMARY KEY (person_id),
    CONSTRAINT fk_speaker_person_id FOREIGN KEY (person_id) REFERENCES person(id) ON DELETE CASCADE
);
CREATE TRIGGER tie AFTER INSERT ON speaker REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION tie();

-- `words` is the digest of what was read aloud. One approved recording a card and language.
CREATE TABLE recording (
    id bigint GENERATED ALWAYS AS IDENTITY,
    card text NOT NULL,
    lang text NOT NULL,
    words bytea NOT NULL,
    person_id uuid,
    speaker text NOT NULL,
    invited_by uuid,
    account smallint,
    state text NOT NULL,
    reason text,
    media_ct bytea,
    sound_ct bytea,
    format text,
    milliseconds integer NOT NULL DEFAULT 0,
    bytes integer NOT NULL DEFAULT 0,
    tone boolean NOT NULL DEFAULT false,
    tries smallint NOT NULL DEFAULT 0,
    sent_at timestamptz NOT NULL,
    changed_at timestamptz NOT NULL,
    CONSTRAINT pk_recording PRIMARY KEY (id),
    CONSTRAINT fk_recording_account FOREIGN KEY (account) REFERENCES account(id),
    CONSTRAINT fk_recording_person_id FOREIGN KEY (person_id) REFERENCES person(id) ON DELETE CASCADE
);
CREATE INDEX ix_recording_fetching ON recording (id) WHERE state = 'fetching';
CREATE INDEX ix_recording_person_id ON recording (person_id);
CREATE UNIQUE INDEX uq_recording_approved ON recording (card, lang) WHERE state = 'approved';

-- Two different people must say yes.
CREATE TABLE recording_approval (
    recording_id bigint NOT NULL,
    staff_id uuid NOT NULL,
    at timestamptz NOT NULL,
    CONSTRAINT pk_recording_approval PRIMARY KEY (recording_id, staff_id),
    CONSTRAINT fk_recording_approval_recording_id
        FOREIGN KEY (recording_id) REFERENCES recording(id) ON DELETE CASCADE
);

-- Addresses nobody guesses: only a hash of each is kept.
CREATE TABLE media_link (
    token_hash bytea NOT NULL,
    recording_id bigint NOT NULL,
    expires_at timestamptz NOT NULL,
    CONSTRAINT pk_media_link PRIMARY KEY (token_hash),
    CONSTRAINT fk_media_link_recording_id FOREIGN KEY (recording_id) REFERENCES recording(id) ON DELETE CASCADE
);
CREATE INDEX ix_media_link_recording_id ON media_link (recording_id);

-- Under which name a platform keeps an upload, for each account.
CREATE TABLE media_cache (
    account smallint NOT NULL,
    recording_id bigint NOT NULL,
    reference text NOT NULL,
    expires_at timestamptz,
    CONSTRAINT pk_media_cache PRIMARY KEY (account, recording_id),
    CONSTRAINT fk_media_cache_account FOREIGN KEY (account) REFERENCES account(id),
    CONSTRAINT fk_media_cache_recording_id FOREIGN KEY (recording_id) REFERENCES recording(id) ON DELETE CASCADE
);
