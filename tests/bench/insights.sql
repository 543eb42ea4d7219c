-- After multiply.sql: members, journals, ledgers and figures too, so that the figures are those of all the :members, and counting
-- them anew must find the same.
SET synchronous_commit = off;
SET maintenance_work_mem = '512MB';
SET session_replication_role = replica; -- the foreign keys hold by construction
SELECT max(member_id) AS step, (:members + count(*) - 1) / count(*) - 1 AS copies FROM loyalty.insight_member \gset
CREATE TEMP TABLE grown AS SELECT format('loyalty.%I', x) AS name, format('loyalty.%I', x)::regclass AS id
  FROM unnest('{member,journal,ledger_entry,lot_use,insight_member}'::text[]) x;
CREATE TEMP TABLE put_aside AS SELECT conindid AS id, format('ALTER TABLE %s ADD CONSTRAINT %I %s', name, conname, pg_get_constraintdef(oid)) AS definition
  FROM pg_constraint JOIN grown ON conrelid = id WHERE contype IN ('p', 'u') AND conrelid <> 'loyalty.member'::regclass;
SELECT format('ALTER TABLE %s DROP CONSTRAINT %I CASCADE', conrelid::regclass, conname) FROM pg_constraint WHERE conindid IN (SELECT id FROM put_aside)
   AND contype <> 'f' \gexec
INSERT INTO put_aside SELECT indexrelid, pg_get_indexdef(indexrelid) FROM pg_index i JOIN grown ON indrelid = id
 WHERE NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = i.indexrelid);
SELECT format('DROP INDEX %s', id::regclass) FROM put_aside WHERE definition LIKE 'CREATE%' \gexec
SELECT set_config('bench.step', :'step', false), set_config('bench.copies', :'copies', false) \g /dev/null
CREATE FUNCTION pg_temp.multiply(p_table regclass, p_order text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('CREATE TEMP TABLE given AS SELECT * FROM %s ORDER BY %s', p_table, p_order);
  EXECUTE format('INSERT INTO %s SELECT %s FROM generate_series(1, current_setting(''bench.copies'')::int) c, given g', p_table,
    (SELECT string_agg(CASE attname WHEN 'member_id' THEN 'g.member_id + c * current_setting(''bench.step'')::bigint' ELSE format('g.%I', attname) END, ', '
              ORDER BY attnum) FROM pg_attribute WHERE attrelid = p_table AND attnum > 0 AND NOT attisdropped));
  DROP TABLE given;
END $$;
INSERT INTO loyalty.member (member_id, number, given_name, family_name, born, city, language, channel, flags, enrolled_on, status)
SELECT m.member_id + c * :step, m.number + c * :step, m.given_name, m.family_name, m.born, m.city, m.language, m.channel, m.flags, m.enrolled_on, m.status
  FROM generate_series(1, :copies) c, (SELECT * FROM loyalty.member ORDER BY member_id) m;
SELECT pg_temp.multiply('loyalty.journal', 'activity_on, seq'), pg_temp.multiply('loyalty.ledger_entry', 'member_id, entry_no'), pg_temp.multiply('loyalty.lot_use', 'member_id, entry_no, lot_no'),
  pg_temp.multiply('loyalty.member_tier', 'member_id, change_no'), pg_temp.multiply('loyalty.outcome', 'member_id, seq'),
  pg_temp.multiply('loyalty.insight_member', 'member_id') \g /dev/null
SELECT definition FROM put_aside ORDER BY id \gexec
RESET session_replication_role;
SELECT format('UPDATE %s SET %s', attrelid::regclass, string_agg(format('%I = %1$I * %2$s', attname, :copies + 1), ', ')) FROM pg_attribute
 WHERE attrelid IN ('loyalty.insight_month'::regclass, 'loyalty.insight_points'::regclass, 'loyalty.insight_cohort'::regclass, 'loyalty.insight_tier'::regclass,
   'loyalty.insight_size'::regclass, 'loyalty.insight_grid'::regclass) AND atttypid = 'int8'::regtype AND attnum > 0 GROUP BY attrelid \gexec
CREATE SCHEMA IF NOT EXISTS bench;
-- The figures as text, over all buckets.
CREATE FUNCTION bench.figures() RETURNS text LANGUAGE sql AS $$
  SELECT md5(string_agg(x, ' ' ORDER BY x)) FROM (
    SELECT concat_ws(',', 'm', month, sum(joined), sum(active_3), sum(active_12), sum(stayed_12), sum(buyers_12), sum(repeaters_12), sum(redeemers_12),
             sum(orders), sum(revenue)) AS x FROM loyalty.insight_month GROUP BY month HAVING sum(joined) + sum(active_12) <> 0
    UNION ALL SELECT concat_ws(',', 'p', month, currency_id, account_id, sum(amount), sum(entries)) FROM loyalty.insight_points GROUP BY month, currency_id, account_id
    UNION ALL SELECT concat_ws(',', 'c', month, currency_id, sum(granted), sum(redeemed), sum(expired), sum(returned), sum(moved)) FROM loyalty.insight_cohort
      GROUP BY month, currency_id
    UNION ALL SELECT concat_ws(',', 't', month, was_tier_id, tier_id, sum(members)) FROM loyalty.insight_tier GROUP BY month, was_tier_id, tier_id
    UNION ALL SELECT concat_ws(',', 's', tier_id, sum(members)) FROM loyalty.insight_size GROUP BY tier_id HAVING sum(members) <> 0) f $$;
VACUUM (ANALYZE, FREEZE) loyalty.member, loyalty.journal, loyalty.ledger_entry, loyalty.lot_use, loyalty.member_tier, loyalty.outcome, loyalty.insight_member, loyalty.insight_month,
  loyalty.insight_points, loyalty.insight_cohort, loyalty.insight_tier, loyalty.insight_size, loyalty.insight_grid;
