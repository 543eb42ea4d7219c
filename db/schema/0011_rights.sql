-- Who may see and do what. Staff have no INSERT, UPDATE or DELETE anywhere (staging of imports excepted): they call functions.
-- Only the worker's role posts. tests/rights_expected.txt is the whole matrix.
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA loyalty FROM PUBLIC;
REVOKE ALL ON ALL TABLES IN SCHEMA loyalty FROM PUBLIC;
REVOKE ALL ON ALL SEQUENCES IN SCHEMA loyalty FROM PUBLIC;
GRANT USAGE ON SCHEMA loyalty TO loyalty_support, loyalty_marketing, loyalty_manager, loyalty_admin, loyalty_worker, loyalty_pos, loyalty_web;
GRANT USAGE ON SCHEMA dist TO loyalty_owner;

-- What everybody who works here may read: the programme and who is who.
GRANT SELECT ON loyalty.programme, loyalty.programme_version, loyalty.currency, loyalty.ladder, loyalty.tier, loyalty.rule, loyalty.reward,
  loyalty.verified_segment, loyalty.account, loyalty.staff, loyalty.role_limit, loyalty.worker_heartbeat, loyalty.proof, loyalty.import
  TO loyalty_support, loyalty_marketing, loyalty_manager, loyalty_admin, loyalty_worker;
GRANT SELECT ON loyalty.programme, loyalty.currency TO loyalty_pos;
GRANT EXECUTE ON FUNCTION loyalty.business_day(), loyalty.fold(text), loyalty.bucket_of(bigint), loyalty.caller_role()
  TO loyalty_support, loyalty_marketing, loyalty_manager, loyalty_admin, loyalty_worker, loyalty_pos;

-- The desk: members by name and number (never identifiers or dates of birth but through member_open), points, cases.
GRANT SELECT (member_id, number, given_name, family_name, given_folded, family_folded, city, language, channel, flags, enrolled_on, status, version)
  ON loyalty.member TO loyalty_support, loyalty_manager, loyalty_admin;
GRANT SELECT (member_id, seq, type, lane, activity_on, happened_on, amount, line_category, line_amount, category, quantity, basket, of_seq, object, tier,
  until_on, qualifying, tender, channel, flags, other_number, lot_amount, lot_earned_on, lot_expires_on, active_on, reason, case_no, source, external_id, submitted_by, approved_by, submitted_at)
  ON loyalty.journal TO loyalty_support, loyalty_manager, loyalty_admin;
GRANT SELECT ON loyalty.standing, loyalty.member_due, loyalty.inbox, loyalty.outcome, loyalty.ledger_entry, loyalty.lot, loyalty.lot_use,
  loyalty.balance, loyalty.member_tier, loyalty.issued_reward, loyalty.plan_charge, loyalty.member_verification, loyalty.approval,
  loyalty.member_case, loyalty.case_article, loyalty.case_event
  TO loyalty_support, loyalty_manager, loyalty_admin;
GRANT EXECUTE ON FUNCTION loyalty.member_journal(bigint), loyalty.member_search(text, int), loyalty.member_find(text, int),
  loyalty.member_line(bigint), loyalty.member_page(text, text, bigint, int),
  loyalty.member_open(bigint),
  loyalty.enrol_member(text, text, text, text, date, text, text, text, text, text, text, text[], date, int, text[]),
  loyalty.submit_event(bigint, loyalty.event_type, text, text, date, jsonb, int), loyalty.event_status(bigint, bigint),
  loyalty.case_open(bigint, uuid, text, text, int, text, text, text, text[]), loyalty.case_assign(bigint, int, int, name), loyalty.case_take_next(),
  loyalty.case_write(bigint, int, uuid, text, text), loyalty.case_set_state(bigint, int, int, text),
  loyalty.case_resolve(bigint, int, int, text, text)
  TO loyalty_support, loyalty_manager, loyalty_admin;
GRANT EXECUTE ON FUNCTION loyalty.member_open(bigint) TO loyalty_marketing;    -- which leaves out what reaches or identifies the person
GRANT EXECUTE ON FUNCTION loyalty.approval_decide(bigint, text, text, bytea, text, text), loyalty.event_retry(bigint, bigint),
  loyalty.event_cancel(bigint, bigint) TO loyalty_manager, loyalty_admin;
GRANT SELECT ON loyalty.audit_log TO loyalty_manager, loyalty_admin;

GRANT EXECUTE ON FUNCTION loyalty.member_of(text) TO loyalty_support, loyalty_manager, loyalty_admin, loyalty_pos;

-- Tills submit and enrol; they read nothing.
GRANT EXECUTE ON FUNCTION loyalty.submit_event(bigint, loyalty.event_type, text, text, date, jsonb, int),
  loyalty.enrol_member(text, text, text, text, date, text, text, text, text, text, text, text[], date, int, text[]), loyalty.event_status(bigint, bigint)
  TO loyalty_pos;

-- Imports, staff.
GRANT EXECUTE ON FUNCTION loyalty.import_start(text, text), loyalty.import_events(bigint, bigint, bigint),
  loyalty.import_members(bigint, bigint, bigint), loyalty.import_finish(bigint) TO loyalty_admin, loyalty_pos;
-- Of what they stage, importers choose neither the number in the journal nor whose it is.
GRANT INSERT (import_no, line_no, member, source, external_id, type, activity_on, happened_on, amount, line_category, line_amount, category, quantity, basket,
  of_external, object, tier, until_on, qualifying, tender, channel, flags, receiver, evidence) ON loyalty.import_event TO loyalty_admin, loyalty_pos;
GRANT INSERT (import_no, line_no, number, given_name, family_name, born, email, phone, card, city, language, channel, flags, consents, attributes, enrolled_on)
  ON loyalty.import_member TO loyalty_admin, loyalty_pos;
GRANT SELECT ON loyalty.import_reject, loyalty.import TO loyalty_admin, loyalty_pos;
GRANT USAGE ON SEQUENCE loyalty.journal_seq, loyalty.member_id_seq TO loyalty_admin, loyalty_pos;
GRANT EXECUTE ON FUNCTION loyalty.staff_add(name, text, text), loyalty.staff_disable(name) TO loyalty_admin;

-- The proof reads everything that counts points.
GRANT EXECUTE ON FUNCTION loyalty.ledger_broken(bigint, bigint), loyalty.entry_broken(bigint, bigint), loyalty.audit_broken(bigint, bigint), loyalty.entry_bytes(loyalty.ledger_entry),
  loyalty.chain_head(bigint) TO loyalty_manager, loyalty_admin, loyalty_worker;
GRANT SELECT ON loyalty.journal TO loyalty_admin;      -- the replay needs the days of birth
GRANT INSERT ON loyalty.proof TO loyalty_manager, loyalty_admin, loyalty_worker;
GRANT DELETE ON loyalty.proof TO loyalty_worker;       -- the light ones of days gone by
GRANT USAGE ON SEQUENCE loyalty.proof_no_seq TO loyalty_manager, loyalty_admin, loyalty_worker;

-- The worker posts. It may not touch the journal, nor change what is history.
GRANT SELECT ON loyalty.journal, loyalty.inbox, loyalty.outcome, loyalty.standing, loyalty.member_due, loyalty.ledger_entry, loyalty.lot,
  loyalty.lot_use, loyalty.balance, loyalty.member_tier, loyalty.issued_reward, loyalty.plan_charge, loyalty.member_verification TO loyalty_worker;
GRANT SELECT (member_id, number) ON loyalty.member TO loyalty_worker;
GRANT DELETE ON loyalty.inbox TO loyalty_worker;
GRANT INSERT ON loyalty.outcome, loyalty.ledger_entry, loyalty.lot, loyalty.lot_use, loyalty.balance, loyalty.member_tier, loyalty.issued_reward,
  loyalty.plan_charge, loyalty.member_verification, loyalty.member_due TO loyalty_worker;
GRANT UPDATE ON loyalty.standing, loyalty.lot, loyalty.balance, loyalty.member_due, loyalty.issued_reward TO loyalty_worker;
GRANT UPDATE (ended_on, end_seq) ON loyalty.member_verification TO loyalty_worker;
GRANT DELETE ON loyalty.member_due TO loyalty_worker;
GRANT UPDATE (opened_on) ON loyalty.programme TO loyalty_worker;
GRANT INSERT, UPDATE, DELETE ON loyalty.worker_heartbeat TO loyalty_worker;
GRANT EXECUTE ON FUNCTION loyalty.name_words_count(), loyalty.save_guard(bigint, bigint) TO loyalty_worker;
