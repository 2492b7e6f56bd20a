-- Who may do what. Run after every upgrade, for it may be repeated and roles may come later.
-- Passwords are the operator's to set; without one a role cannot log in over the network.

DO $$
DECLARE
    role text;
BEGIN
    FOREACH role IN ARRAY ARRAY['explore_migrate', 'explore_api', 'explore_worker'] LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role) THEN
            EXECUTE format('CREATE ROLE %I LOGIN', role);
        END IF;
    END LOOP;
EXCEPTION
    WHEN insufficient_privilege THEN
        RAISE NOTICE 'this user may not create roles: ask an administrator for explore_migrate, explore_api and explore_worker, then run the upgrade again';
    WHEN duplicate_object OR unique_violation THEN
        NULL; -- another upgrade was quicker
END $$;

DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'explore_api')
       OR NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'explore_worker')
       OR NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'explore_migrate') THEN
        RETURN;
    END IF;

    GRANT USAGE, CREATE ON SCHEMA public TO explore_migrate;
    GRANT USAGE ON SCHEMA public TO explore_api, explore_worker;

    -- The API reads projections and writes what its callers say.
    GRANT SELECT ON ALL TABLES IN SCHEMA public TO explore_api;
    GRANT INSERT, UPDATE ON viewer_statements, post_reports, erasures, erasures_under_way, documents,
        document_clients, document_uses, document_revision, outbox,
        explore_categories, content_flags TO explore_api;
    GRANT INSERT, UPDATE, DELETE ON moderation_claims TO explore_api;
    GRANT INSERT, UPDATE ON posts TO explore_api;  -- a decision holds at once; it is one upsert
    GRANT INSERT ON moderation_events TO explore_api;
    GRANT USAGE ON SEQUENCE post_revisions TO explore_api;

    -- The consumers write projections, and publish what the API put into the outbox.
    GRANT SELECT ON ALL TABLES IN SCHEMA public TO explore_worker;
    GRANT INSERT, UPDATE, DELETE ON explore_categories, content_flags, posts, post_categories,
        creators, follows, blocks, viewer_statements, user_interest_profiles, reactions,
        interactions, hashtag_uses, hashtag_totals, trending_snapshots, counter_checkpoints, counter_fences,
        profile_fences, outbox, erasures, erasures_under_way,
        post_reports, classifications, shadow_scores TO explore_worker;
    GRANT DELETE ON moderation_claims TO explore_worker;
    GRANT INSERT ON moderation_events TO explore_worker;  -- decisions that end by themselves
    GRANT USAGE ON SEQUENCE post_revisions, creator_revisions TO explore_worker;
    GRANT EXECUTE ON FUNCTION ensure_interaction_days, drop_interaction_days TO explore_worker;

    EXECUTE format('ALTER ROLE explore_api IN DATABASE %I SET statement_timeout = ''2s''', current_database());
    EXECUTE format('ALTER ROLE explore_worker IN DATABASE %I SET statement_timeout = ''30s''', current_database());
    EXECUTE format('ALTER ROLE explore_migrate IN DATABASE %I SET lock_timeout = ''5s''', current_database());
EXCEPTION
    WHEN insufficient_privilege THEN
        RAISE NOTICE 'this user may not grant rights or set timeouts of roles: run the upgrade once as the owner of the schema';
END $$;
