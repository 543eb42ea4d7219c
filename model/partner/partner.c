// Partners: what we charge each other for points, and settlements, in which it is billed.
#include "model/partner/partner.h"

#define LIST                                                                                                 \
	"SELECT p.partner, p.name, x.from_on AS since, trim_scale(x.issued) AS issued, trim_scale(x.sent) "  \
	"AS sent, w.price_no AS waiting, s.to_on AS settled_to, loyalty.partner_open(p.partner) AS open "    \
	"FROM loyalty.partner p "                                                                            \
	"LEFT JOIN LATERAL (SELECT * FROM loyalty.partner_price x WHERE x.partner = p.partner AND x.state "  \
	"= 'approved' AND x.from_on <= loyalty.business_day() ORDER BY x.from_on DESC, x.price_no DESC "     \
	"LIMIT 1) x ON true "                                                                                \
	"LEFT JOIN loyalty.partner_price w ON w.partner = p.partner AND w.state = 'waiting' "                \
	"LEFT JOIN LATERAL (SELECT max(s.to_on) AS to_on FROM loyalty.settlement s WHERE s.partner = "       \
	"p.partner) s ON true "

void partner_list(struct ask *ask)
{
	ask_init(ask, LIST "ORDER BY p.partner");
}

void partner_find(struct ask *ask, const char *partner)
{
	ask_init(ask, LIST "WHERE p.partner = $1");
	ask_text(ask, partner);
}

void partner_prices(struct ask *ask, const char *partner)
{
	ask_init(ask, "SELECT x.price_no AS number, x.from_on AS from, trim_scale(x.issued) AS issued, "
		      "trim_scale(x.sent) AS sent, x.state, x.author, x.decided_by, x.remark "
		      "FROM loyalty.partner_price x WHERE x.partner = $1 ORDER BY x.price_no DESC");
	ask_text(ask, partner);
}

void partner_settlements(struct ask *ask, const char *partner)
{
	ask_init(ask,
		"SELECT s.settlement_no AS number, nullif(s.from_on, '-infinity') AS from, s.to_on AS to, "
		"s.entries, coalesce(round(sum(l.money_minor) FILTER (WHERE l.kind IN ('issued', "
		"'returned')) / 100.0, 2), 0.00) AS they_owe, coalesce(round(-sum(l.money_minor) "
		"FILTER (WHERE l.kind NOT IN ('issued', 'returned')) / 100.0, 2), 0.00) AS we_owe, "
		"coalesce(round(sum(l.money_minor) / 100.0, 2), 0.00) AS net, s.settled_by, "
		"to_char(s.settled_at, 'YYYY-MM-DD HH24:MI') AS settled "
		"FROM loyalty.settlement s LEFT JOIN loyalty.settlement_line l USING (partner, "
		"settlement_no) "
		"WHERE s.partner = $1 GROUP BY s.partner, s.settlement_no ORDER BY s.settlement_no DESC");
	ask_text(ask, partner);
}

void partner_settlement_lines(struct ask *ask, const char *partner, const char *number)
{
	ask_init(ask,
		"SELECT l.kind, c.code AS currency, trim_scale(l.points / power(10::numeric, c.decimals)) AS "
		"points, trim_scale(l.price) AS price, round(l.money_minor / 100.0, 2) AS money "
		"FROM loyalty.settlement_line l JOIN loyalty.currency c USING (currency_id) "
		"WHERE l.partner = $1 AND l.settlement_no = $2::int ORDER BY l.line_no");
	ask_text(ask, partner);
	ask_text(ask, number);
}

void partner_set(struct ask *ask, const char *partner, const char *name, const char *issued, const char *sent,
	const char *from)
{
	ask_init(ask, "SELECT loyalty.partner_set($1, $2, $3::numeric, $4::numeric, $5::date)");
	ask_text(ask, partner);
	ask_text(ask, name);
	ask_text(ask, issued);
	ask_text(ask, sent);
	ask_text(ask, from);
}

void partner_price_decide(struct ask *ask, const char *partner, const char *number, const char *reason)
{
	ask_init(ask, "SELECT loyalty.partner_price_decide($1, $2::int, $3::text IS NULL, $3)");
	ask_text(ask, partner);
	ask_text(ask, number);
	ask_text(ask, reason);
}

void partner_settle(struct ask *ask, const char *partner, const char *to)
{
	ask_init(ask, "SELECT loyalty.partner_settle($1, $2::date)");
	ask_text(ask, partner);
	ask_text(ask, to);
}

void partner_transfers(struct ask *ask, const char *partner, const char *since, const char *file)
{
	ask_init(ask, "SELECT * FROM loyalty.partner_transfers($1, $2::date, $3)");
	ask_text(ask, partner);
	ask_text(ask, since);
	ask_text(ask, file);
}

void partner_report(struct ask *ask, const char *partner, const char *from, const char *to)
{
	ask_init(ask, "SELECT * FROM loyalty.settlement_report($1, $2::date, $3::date)");
	ask_text(ask, partner);
	ask_text(ask, from);
	ask_text(ask, to);
}
