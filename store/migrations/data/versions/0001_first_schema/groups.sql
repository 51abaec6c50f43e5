-- Communication groups of a village (store/groups).

CREATE TABLE village_group (
    id integer GENERATED ALWAYS AS IDENTITY,
    title text NOT NULL,
    area text NOT NULL,
    created_at timestamptz NOT NULL,
    created_by uuid,
    CONSTRAINT pk_village_group PRIMARY KEY (id),
    CONSTRAINT fk_village_group_area FOREIGN KEY (area) REFERENCES area(code)
);

-- The group's own chat on a platform: its address sealed to the house, found by `bidx`.
CREATE TABLE group_chat (
    id integer GENERATED ALWAYS AS IDENTITY,
    group_id integer NOT NULL,
    account smallint NOT NULL,
    bidx bytea NOT NULL,
    address_ct bytea NOT NULL,
    active boolean NOT NULL DEFAULT true,
    bound_at timestamptz NOT NULL,
    CONSTRAINT pk_group_chat PRIMARY KEY (id),
    CONSTRAINT uq_group_chat_bidx UNIQUE (bidx),
    CONSTRAINT fk_group_chat_account FOREIGN KEY (account) REFERENCES account(id),
    CONSTRAINT fk_group_chat_group_id FOREIGN KEY (group_id) REFERENCES village_group(id) ON DELETE CASCADE
);
CREATE INDEX ix_group_chat_group_id ON group_chat (group_id);

-- Codes for the poster, for a member and for a chat, kept as a keyed hash; `uses_left` NULL: any number of people.
CREATE TABLE invitation (
    id bigint GENERATED ALWAYS AS IDENTITY,
    group_id integer NOT NULL,
    kind text NOT NULL,
    code_tag bytea NOT NULL,
    uses_left integer,
    expires_at timestamptz NOT NULL,
    created_at timestamptz NOT NULL,
    created_by uuid,
    CONSTRAINT pk_invitation PRIMARY KEY (id),
    CONSTRAINT uq_invitation_code_tag UNIQUE (code_tag),
    CONSTRAINT fk_invitation_group_id FOREIGN KEY (group_id) REFERENCES village_group(id) ON DELETE CASCADE
);
CREATE INDEX ix_invitation_group_id ON invitation (group_id);

-- Members, who may propose a card.
CREATE TABLE membership (
    person_id uuid NOT NULL,
    group_id integer NOT NULL,
    invited_by uuid,
    bound_at timestamptz NOT NULL,
    CONSTRAINT pk_membership PRIMARY KEY (person_id, group_id),
    CONSTRAINT fk_membership_group_id FOREIGN KEY (group_id) REFERENCES village_group(id) ON DELETE CASCADE,
    CONSTRAINT fk_membership_person_id FOREIGN KEY (person_id) REFERENCES person(id) ON DELETE CASCADE
);
CREATE TRIGGER tie AFTER INSERT ON membership REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION tie();

-- The audience: who agreed to hear from a group.
CREATE TABLE subscription (
    group_id integer NOT NULL,
    person_id uuid NOT NULL,
    lang text NOT NULL,
    since timestamptz NOT NULL,
    CONSTRAINT pk_subscription PRIMARY KEY (group_id, person_id),
    CONSTRAINT fk_subscription_group_id FOREIGN KEY (group_id) REFERENCES village_group(id) ON DELETE CASCADE,
    CONSTRAINT fk_subscription_person_id FOREIGN KEY (person_id) REFERENCES person(id) ON DELETE CASCADE
);
CREATE INDEX ix_subscription_person_id ON subscription (person_id);
CREATE TRIGGER tie AFTER INSERT ON subscription REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION tie();
