// Everything about one member for the command line, in sections, and members found by what is known of them.
#include "model/member/member_report.h"

#include <stdio.h>

#define POINTS(amount) "round(" amount " / power(10, c.decimals)::numeric, c.decimals)"

const struct member_section MEMBER_SECTIONS[] = {
	{"member",
		"SELECT o.number, o.given_name, o.family_name, o.born, o.email, o.phone, o.card, o.city, o.language, "
		"array_to_string(o.flags, ' ') AS flags, o.enrolled_on AS enrolled, o.status "
		"FROM loyalty.member_open($1::bigint) o",
		true},
	{"attributes",
		"SELECT a.code AS attribute, a.name, a.value, a.since, a.by_login AS by FROM loyalty.member_attributes($1::bigint) a WHERE a.value IS NOT NULL",
		false},
	{"tier",
		"SELECT t.code AS tier, nullif(s.tier_until, 'infinity') AS until, s.last_activity_on AS last_activity, "
		"(SELECT d.due_on FROM loyalty.member_due d WHERE d.member_id = s.member_id AND d.due_on <= loyalty.business_day()) "
		"AS unposted_since FROM "
		"loyalty.standing s LEFT JOIN loyalty.tier t USING (tier_id) WHERE s.member_id = $1::bigint",
		true},
	{"segments",
		"SELECT s.code AS segment, s.name, v.since, v.until_on AS until, v.until_on - loyalty.business_day() AS days_left, "
		"j.reason AS evidence, j.submitted_by AS by FROM loyalty.member_verification v JOIN loyalty.verified_segment s "
		"USING (segment_id) JOIN loyalty.journal j USING (member_id, seq) WHERE v.member_id = $1::bigint AND v.ended_on IS NULL "
		"AND coalesce(v.until_on, 'infinity') > loyalty.business_day() ORDER BY s.segment_id",
		false},
	{"consents",
		"SELECT n.kind, nullif(n.channel, 'none') AS channel, nullif(n.version, '') AS version, n.state, n.until_on AS until, "
		"to_char(n.said_at AT TIME ZONE (SELECT p.timezone FROM loyalty.programme p), 'YYYY-MM-DD HH24:MI') AS said, n.source, "
		"n.by_login AS by FROM loyalty.consent_now n WHERE n.member_id = $1::bigint ORDER BY n.kind, n.channel",
		false},
	{"household",
		"SELECT h.household, h.name, nullif(h.closed_on, 'infinity') AS closed, h.points, h.member, h.member_name, h.role, h.percent, "
		"h.may_redeem FROM loyalty.household_show($1::bigint) h",
		false},
	{"balances",
		"SELECT c.code AS currency, " POINTS("b.points") " AS points, min(nullif(l.expires_on, 'infinity')) AS "
		"next_expiry FROM loyalty.balance b JOIN loyalty.currency c USING (currency_id) LEFT JOIN loyalty.lot l ON "
		"l.member_id = b.member_id AND l.currency_id = b.currency_id AND l.remaining > 0 "
		"WHERE b.member_id = $1::bigint GROUP BY c.currency_id, c.code, c.decimals, b.points ORDER BY c.currency_id",
		false},
	{"rewards",
		"SELECT r.name AS reward, i.issued_on AS issued, nullif(i.expires_on, 'infinity') AS expires, i.code, loyalty.reward_state(i) AS state, "
		"nullif(round((i.value_minor - i.used_minor) / 100.0, 2), 0) AS remaining FROM "
		"loyalty.issued_reward i JOIN loyalty.reward r USING (reward_id) WHERE i.member_id = $1::bigint "
		"ORDER BY i.reward_no DESC LIMIT 10",
		false},
	{"plans",
		"SELECT c.plan, c.charged_on AS charged, round(c.amount_minor / 100.0, 2) AS amount, "
		"loyalty.plan_state(c.member_id, c.charge_no) AS state FROM loyalty.plan_charge c "
		"WHERE c.member_id = $1::bigint ORDER BY c.charge_no DESC LIMIT 10",
		false},
	{"events",
		"SELECT j.seq, j.activity_on AS date, j.happened_on AS activity_date, j.type, coalesce(j.object, '') AS object, j.external_id, CASE WHEN "
		"j.type NOT IN ('adjust', 'transfer', 'receive') THEN round(coalesce(j.amount, (SELECT sum(a) FROM unnest(j.line_amount) a)) / 100.0, 2) END "
		"AS money, (SELECT string_agg(CASE WHEN e.amount > 0 THEN '+' ELSE '' END || trim_scale(" POINTS("e.amount") ") || ' ' || c.code, ', ' "
		"ORDER BY e.entry_no) FROM loyalty.ledger_entry e JOIN loyalty.currency c USING (currency_id) WHERE "
		"e.member_id = j.member_id AND e.seq = j.seq) AS points, coalesce(o.result || ' ' || o.reason, '') AS outcome "
		"FROM loyalty.journal j LEFT JOIN loyalty.outcome o USING (member_id, seq) WHERE j.member_id = $1::bigint "
		"ORDER BY j.seq DESC LIMIT 20",
		false},
	{"cases",
		"SELECT k.case_no AS case, k.state, k.owner, k.title, to_char(k.opened_at, 'YYYY-MM-DD HH24:MI') AS opened, "
		"k.cause, k.outcome FROM loyalty.member_case k WHERE k.member_id = $1::bigint ORDER BY k.case_no DESC LIMIT 20",
		false},
	{.name = NULL},
};

bool member_report_find(struct session *session, const char *name, char *member_id, struct error *error)
{
	char what[sizeof error->what];
	int64_t found;
	if (!session_number(session, "SELECT loyalty.member_of($1)", &name, 1, &found, error))
		return false;
	snprintf(what, sizeof what, "member %.60s", name);
	snprintf(member_id, 24, "%lld", (long long)found);
	return found || error_set(error, ERROR_FAILED, what, "loyalty member find finds members by name", "%s",
				"there is no member with that number or card");
}

struct result *member_report_section(
	struct session *session, const struct member_section *section, const char *member_id, struct error *error)
{
	return session_query(session, section->sql, &member_id, 1, error);
}

struct result *member_report_search(struct session *session, const char *text, struct error *error)
{
	return session_query(session,
		"SELECT m.number, m.given_name, m.family_name, m.city, m.enrolled_on AS enrolled, m.status "
		"FROM loyalty.member_search($1, 50) WITH ORDINALITY AS s (member_id, stage, place) "
		"JOIN loyalty.member m USING (member_id) ORDER BY s.stage, s.place",
		&text, 1, error);
}
