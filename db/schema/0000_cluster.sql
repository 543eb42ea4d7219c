-- What only a superuser may make, once a database: extensions, roles, schemas. Safe to run again.
-- Roles may all log in, because a distributed engine reaches its nodes as the current role; none has a password.
CREATE EXTENSION IF NOT EXISTS pg_trgm WITH SCHEMA public;
CREATE EXTENSION IF NOT EXISTS unaccent WITH SCHEMA public;
CREATE EXTENSION IF NOT EXISTS fuzzystrmatch WITH SCHEMA public;

DO $$
DECLARE r text;
BEGIN
  FOREACH r IN ARRAY ARRAY['loyalty_owner', 'loyalty_support', 'loyalty_marketing', 'loyalty_manager',
                           'loyalty_admin', 'loyalty_worker', 'loyalty_pos', 'loyalty_web'] LOOP
    IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = r) THEN
      EXECUTE format('CREATE ROLE %I LOGIN', r);
    END IF;
  END LOOP;
  EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
  EXECUTE format('GRANT CONNECT ON DATABASE %I TO loyalty_support, loyalty_marketing, loyalty_manager, '
                 'loyalty_admin, loyalty_worker, loyalty_pos, loyalty_web, loyalty_owner', current_database());
  EXECUTE format('GRANT TEMPORARY ON DATABASE %I TO loyalty_admin, loyalty_owner', current_database());
  EXECUTE format('GRANT CREATE ON DATABASE %I TO loyalty_owner', current_database());
END $$;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO PUBLIC;   -- for the extensions' functions; nobody may create there

CREATE SCHEMA IF NOT EXISTS dist AUTHORIZATION loyalty_owner;
CREATE SCHEMA IF NOT EXISTS loyalty AUTHORIZATION loyalty_owner;

-- Logins are made by this function alone, from a fixed list of group roles, so that nobody needs CREATEROLE
-- (on PostgreSQL 15 CREATEROLE is as good as superuser).
CREATE OR REPLACE FUNCTION dist.make_login(p_login name, p_role text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF p_role NOT IN ('support', 'marketing', 'manager', 'admin', 'worker', 'pos', 'web') THEN
    RAISE EXCEPTION 'there is no role "%"', p_role USING ERRCODE = 'LY002',
      HINT = 'roles are support, marketing, manager, admin, worker, pos, web';
  END IF;
  IF p_login !~ '^[a-z][a-z0-9_.-]{0,30}$' OR p_login LIKE 'pg\_%' OR p_login LIKE 'loyalty\_%' THEN
    RAISE EXCEPTION 'the login "%" is not allowed', p_login USING ERRCODE = 'LY002',
      HINT = 'use small letters, digits, dot, dash and underscore, beginning with a letter';
  END IF;
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = p_login) THEN
    EXECUTE format('CREATE ROLE %I LOGIN CONNECTION LIMIT %s', p_login, CASE p_role WHEN 'worker' THEN 32 ELSE 8 END);
  ELSIF EXISTS (SELECT FROM pg_roles WHERE rolname = p_login AND (rolsuper OR rolcreaterole OR rolbypassrls)) THEN
    RAISE EXCEPTION 'the login "%" has rights of its own and cannot be staff', p_login USING ERRCODE = 'LY002';
  END IF;
  EXECUTE format('GRANT %I TO %I', 'loyalty_' || p_role, p_login);
  EXECUTE format('ALTER ROLE %I SET statement_timeout = %L', p_login, CASE WHEN p_role = 'worker' THEN '0' ELSE '30s' END);
  EXECUTE format('ALTER ROLE %I SET lock_timeout = %L', p_login, CASE WHEN p_role = 'worker' THEN '0' ELSE '3s' END);
  EXECUTE format('ALTER ROLE %I SET idle_in_transaction_session_timeout = %L', p_login, '30s');
END $$;
CREATE OR REPLACE FUNCTION dist.close_login(p_login name) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE r text;
BEGIN
  FOR r IN SELECT g.rolname FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid JOIN pg_roles u ON u.oid = m.member
            WHERE u.rolname = p_login AND g.rolname LIKE 'loyalty\_%' LOOP
    EXECUTE format('REVOKE %I FROM %I', r, p_login);
  END LOOP;
END $$;
REVOKE ALL ON FUNCTION dist.make_login(name, text), dist.close_login(name) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION dist.make_login(name, text), dist.close_login(name) TO loyalty_owner;
