-- Where the Union works (store/areas).

-- Nation, provinces and communes with their official codes, filled from the content at every start.
CREATE TABLE area (
    code text NOT NULL,
    name text NOT NULL,
    level text NOT NULL,
    parent text,
    CONSTRAINT pk_area PRIMARY KEY (code),
    CONSTRAINT fk_area_parent FOREIGN KEY (parent) REFERENCES area(code)
);
