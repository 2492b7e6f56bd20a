-- Which app versions use which stored operations, and whether they are served: a version is
-- created, published and in the end retired; a document is served while a published one uses it.
CREATE TABLE document_clients (
    client     text PRIMARY KEY,  -- "name@version", or empty
    state      text NOT NULL CHECK (state IN ('created', 'published', 'retired')),
    changed_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE document_uses (
    client   text REFERENCES document_clients,
    document text REFERENCES documents,
    PRIMARY KEY (client, document)
);

-- Grows with each change of what is served; writers hold its row, so that they wait for each other.
CREATE TABLE document_revision (
    single boolean PRIMARY KEY DEFAULT true CHECK (single),
    value  bigint NOT NULL
);

INSERT INTO document_revision (value) VALUES (0);
INSERT INTO document_clients (client, state) SELECT DISTINCT client, 'published' FROM documents;
INSERT INTO document_uses (client, document) SELECT client, id FROM documents;

ALTER TABLE documents DROP COLUMN position, DROP COLUMN client;
