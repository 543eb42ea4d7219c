-- Work: heartbeats of workers, proofs of the ledger, imports.
CREATE TABLE loyalty.worker_heartbeat (
  worker text NOT NULL, started_at timestamptz NOT NULL DEFAULT now(), beat_at timestamptz NOT NULL DEFAULT now(),
  posted bigint NOT NULL DEFAULT 0, failed bigint NOT NULL DEFAULT 0, batch_ms int NOT NULL DEFAULT 0, doing text NOT NULL DEFAULT '',
  version text NOT NULL DEFAULT '',      -- of the program
  sends_mail boolean NOT NULL DEFAULT false,                   -- its configuration names a mail command
  CONSTRAINT worker_heartbeat_pk PRIMARY KEY (worker));
SELECT dist.reference('loyalty.worker_heartbeat');

-- What a run of verify found. The screens show the newest.
CREATE SEQUENCE loyalty.proof_no_seq AS bigint;
CREATE TABLE loyalty.proof (
  proof_no bigint NOT NULL DEFAULT nextval('loyalty.proof_no_seq'),
  at timestamptz NOT NULL DEFAULT now(), by_login name NOT NULL DEFAULT session_user, kind text NOT NULL,
  members bigint NOT NULL, entries bigint NOT NULL, replayed bigint NOT NULL, broken bigint NOT NULL, first_broken text NOT NULL DEFAULT '',
  seconds numeric NOT NULL,
  CONSTRAINT proof_pk PRIMARY KEY (proof_no));
SELECT dist.reference('loyalty.proof');

-- Every broken invariant of members p_from <= member_id <= p_to, a row each. No row is the proof.
-- Read it in one REPEATABLE READ transaction, or with no worker at work: each part takes its own look.
CREATE FUNCTION loyalty.ledger_broken(p_from bigint, p_to bigint) RETURNS TABLE (member_id bigint, invariant text, detail text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  WITH event AS (
    SELECT j.member_id, count(*) AS n, max(j.seq) AS top FROM loyalty.journal j WHERE j.member_id BETWEEN p_from AND p_to GROUP BY 1)
  SELECT j.member_id, 'an event is pending or processed, never lost', format('event %s', j.seq)
    FROM event JOIN loyalty.standing s ON s.member_id = event.member_id AND s.member_id BETWEEN p_from AND p_to AND event.top > s.last_seq
    JOIN loyalty.journal j ON j.member_id = s.member_id
    LEFT JOIN loyalty.inbox i ON i.bucket = loyalty.bucket_of(j.member_id) AND i.member_id = j.member_id AND i.seq = j.seq
    LEFT JOIN loyalty.outcome o ON o.member_id = j.member_id AND o.seq = j.seq AND o.member_id BETWEEN p_from AND p_to
   WHERE j.member_id BETWEEN p_from AND p_to AND i.seq IS NULL AND o.seq IS NULL AND j.seq > s.last_seq
  UNION ALL
  SELECT s.member_id, 'every event was processed, or is pending or set aside', format('%s in the journal, %s processed, %s not', coalesce(j.n, 0), s.events, coalesce(i.n, 0) + coalesce(o.n, 0))
    FROM loyalty.standing s
    LEFT JOIN event j USING (member_id)
    LEFT JOIN (SELECT i.member_id, count(*) AS n FROM loyalty.inbox i WHERE i.member_id BETWEEN p_from AND p_to GROUP BY 1) i USING (member_id)
    LEFT JOIN (SELECT o.member_id, count(*) AS n FROM loyalty.outcome o WHERE o.member_id BETWEEN p_from AND p_to AND o.result IN ('failed', 'cancelled') GROUP BY 1) o USING (member_id)
   WHERE s.member_id BETWEEN p_from AND p_to AND coalesce(j.n, 0) <> s.events + coalesce(i.n, 0) + coalesce(o.n, 0)
  UNION ALL
  SELECT i.member_id, 'an event is posted once', format('event %s is pending and posted', i.seq)
    FROM loyalty.inbox i JOIN loyalty.ledger_entry e ON e.member_id = i.member_id AND e.seq = i.seq
   WHERE i.member_id BETWEEN p_from AND p_to AND e.member_id BETWEEN p_from AND p_to
  UNION ALL
  SELECT m.member_id, 'every member has a standing', format('number %s', m.number)
    FROM loyalty.member m LEFT JOIN loyalty.standing s ON s.member_id = m.member_id AND s.member_id BETWEEN p_from AND p_to
   WHERE m.member_id BETWEEN p_from AND p_to AND s.member_id IS NULL
  UNION ALL
  SELECT j.member_id, 'an event belongs to a member', format('event %s', j.top)
    FROM event j LEFT JOIN loyalty.member m ON m.member_id = j.member_id AND m.member_id BETWEEN p_from AND p_to
   WHERE m.member_id IS NULL
  UNION ALL
  SELECT o.member_id, 'a refused event posts nothing', format('event %s', o.seq)
    FROM loyalty.outcome o JOIN loyalty.ledger_entry e ON e.member_id = o.member_id AND e.seq = o.seq
   WHERE o.member_id BETWEEN p_from AND p_to AND e.member_id BETWEEN p_from AND p_to AND o.result <> 'accepted' $$;

-- The same of entries and lots. A slice that is replayed whole has them at hand: there verify looks at them itself (model/proof/entry_check.c).
CREATE FUNCTION loyalty.entry_broken(p_from bigint, p_to bigint) RETURNS TABLE (member_id bigint, invariant text, detail text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  WITH entry AS (
    SELECT e.member_id, e.currency_id, sum(e.amount) AS total, count(*) AS n, max(e.entry_no) AS top
      FROM loyalty.ledger_entry e WHERE e.member_id BETWEEN p_from AND p_to GROUP BY 1, 2),
  lots AS (
    SELECT l.member_id, l.currency_id, sum(l.remaining) AS open FROM loyalty.lot l WHERE l.member_id BETWEEN p_from AND p_to GROUP BY 1, 2)
  SELECT coalesce(b.member_id, e.member_id), 'balance is the sum of its entries', format('balance %s, entries %s', b.points, e.total)
    FROM (SELECT * FROM loyalty.balance b WHERE b.member_id BETWEEN p_from AND p_to) b FULL JOIN entry e USING (member_id, currency_id)
   WHERE coalesce(b.points, 0) <> coalesce(e.total, 0)
  UNION ALL
  SELECT e.member_id, 'the newest entry shows the balance', format('%s after the newest entry, %s in sum', e.last_balance, e.total)
    FROM (SELECT e.*, (SELECT n.balance_after FROM loyalty.ledger_entry n WHERE n.member_id = e.member_id AND n.entry_no = e.top) AS last_balance
            FROM entry e) e
   WHERE e.last_balance <> e.total
  UNION ALL
  SELECT coalesce(b.member_id, l.member_id), 'open lots are the balance', format('balance %s, open lots %s', b.points, l.open)
    FROM (SELECT * FROM loyalty.balance b WHERE b.member_id BETWEEN p_from AND p_to) b FULL JOIN lots l USING (member_id, currency_id)
   WHERE greatest(coalesce(b.points, 0), 0) <> coalesce(l.open, 0)
  UNION ALL
  SELECT l.member_id, 'a lot is what was granted less what was used', format('lot %s: granted %s, remaining %s, used %s', l.lot_no, l.granted, l.remaining, coalesce(u.used, 0))
    FROM (SELECT member_id, lot_no, u.used   -- most lots are whole and have no use: those need no look at the other side
            FROM (SELECT u.member_id, u.lot_no, sum(u.amount) AS used FROM loyalty.lot_use u WHERE u.member_id BETWEEN p_from AND p_to GROUP BY 1, 2) u
            FULL JOIN (SELECT t.member_id, t.lot_no, t.granted - t.remaining AS gone FROM loyalty.lot t
                        WHERE t.member_id BETWEEN p_from AND p_to AND t.granted <> t.remaining) t USING (member_id, lot_no)
           WHERE t.gone IS DISTINCT FROM u.used) u
    JOIN loyalty.lot l USING (member_id, lot_no) WHERE l.granted - l.remaining <> coalesce(u.used, 0)
  UNION ALL
  SELECT s.member_id, 'entries are numbered without a gap', format('standing says %s, there are %s up to %s', s.entries, coalesce(e.n, 0), coalesce(e.top, 0))
    FROM loyalty.standing s LEFT JOIN (SELECT e.member_id, sum(e.n) AS n, max(e.top) AS top FROM entry e GROUP BY 1) e USING (member_id)
   WHERE s.member_id BETWEEN p_from AND p_to AND (s.entries <> coalesce(e.n, 0) OR s.entries <> coalesce(e.top, 0))
  UNION ALL
  SELECT e.member_id, 'an entry has its event', format('entry %s, event %s', e.entry_no, e.seq)
    FROM loyalty.ledger_entry e LEFT JOIN loyalty.journal j ON j.member_id = e.member_id AND j.seq = e.seq AND j.member_id BETWEEN p_from AND p_to
   WHERE e.member_id BETWEEN p_from AND p_to AND e.seq <> 0 AND j.seq IS NULL $$;

-- The guard of a save: whether the rows it meant to change were still as it had read them.
CREATE FUNCTION loyalty.save_guard(p_saved bigint, p_meant bigint) RETURNS void LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF p_saved <> p_meant THEN
    RAISE EXCEPTION '% of % members changed while the worker had them', p_meant - p_saved, p_meant USING ERRCODE = 'LY020';
  END IF;
END $$;

-- A member's journal for whoever explains it. Not by column rights, as the day of birth (without the year) goes with it.
CREATE FUNCTION loyalty.member_journal(p_member_id bigint) RETURNS SETOF loyalty.journal LANGUAGE sql STABLE
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$ SELECT * FROM loyalty.journal j WHERE j.member_id = p_member_id $$;

-- Broken links of the audit log's chains, of members p_from <= member_id <= p_to.
CREATE FUNCTION loyalty.audit_broken(p_from bigint, p_to bigint) RETURNS TABLE (member_id bigint, invariant text, detail text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT x.member_id, 'the audit log is whole', format('line %s', x.audit_no)
    FROM (SELECT a.*, lag(a.hash, 1, ''::bytea) OVER w AS before, row_number() OVER w AS n FROM loyalty.audit_log a
           WHERE a.member_id BETWEEN p_from AND p_to WINDOW w AS (PARTITION BY a.member_id ORDER BY a.audit_no)) x
   WHERE x.n <> x.audit_no
      OR x.hash <> loyalty.audit_hash(x.before, x.member_id, x.audit_no, x.at, x.login, x.application, x.client, x.action, x.object, x.changed) $$;

-- Failed events, set aside by a worker: try again, or give up on them.
CREATE FUNCTION loyalty.event_retry(p_member_id bigint, p_seq bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF loyalty.caller_role() NOT IN ('manager', 'admin') THEN RAISE EXCEPTION 'only managers and administrators retry events' USING ERRCODE = 'LY001'; END IF;
  DELETE FROM loyalty.outcome o WHERE o.member_id = p_member_id AND o.seq = p_seq AND o.result = 'failed';
  IF NOT FOUND THEN RAISE EXCEPTION 'there is no failed event %', p_seq USING ERRCODE = 'LY004'; END IF;
  INSERT INTO loyalty.inbox VALUES (loyalty.bucket_of(p_member_id), p_member_id, p_seq, 0);
  PERFORM loyalty.audit_write(p_member_id, 'event.retry', p_seq::text, NULL);
  PERFORM loyalty.journal_told(0, p_member_id);
END $$;
CREATE FUNCTION loyalty.event_cancel(p_member_id bigint, p_seq bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF loyalty.caller_role() NOT IN ('manager', 'admin') THEN RAISE EXCEPTION 'only managers and administrators cancel events' USING ERRCODE = 'LY001'; END IF;
  IF EXISTS (SELECT FROM loyalty.journal j WHERE j.member_id = p_member_id AND j.seq = p_seq AND j.type = 'receive') THEN
    RAISE EXCEPTION 'event % brings points that another member sent; nobody else has them', p_seq USING ERRCODE = 'LY002', HINT = 'try it again: loyalty event retry';
  END IF;
  UPDATE loyalty.outcome o SET result = 'cancelled' WHERE o.member_id = p_member_id AND o.seq = p_seq AND o.result = 'failed';
  IF NOT FOUND THEN RAISE EXCEPTION 'there is no failed event %', p_seq USING ERRCODE = 'LY004'; END IF;
  PERFORM loyalty.reward_event_dropped(p_member_id, p_seq);
  PERFORM loyalty.audit_write(p_member_id, 'event.cancel', p_seq::text, NULL);
END $$;
