// The statements behind the tables of a campaign's run.
#include "model/campaign/campaign_runs.h"

void campaign_outcome_table(struct ask *ask, int campaign_no)
{
	ask_init(ask,
		"SELECT g.outcome, count(*) AS turns FROM (SELECT x.outcome FROM loyalty.campaign_grant x"
		" WHERE x.campaign_no = $1::int ORDER BY x.decision_no DESC LIMIT $2::int) g"
		" GROUP BY g.outcome ORDER BY turns DESC, g.outcome");
	ask_number(ask, campaign_no);
	ask_number(ask, CAMPAIGN_LAST_TURNS);
}

void campaign_day_table(struct ask *ask, int campaign_no)
{
	ask_init(ask, "SELECT d.day, d.decisions AS turns, d.grants,"
		      " trim_scale(d.points / power(10::numeric, coalesce(y.decimals, 0))) AS points,"
		      " round(d.minor / 100.0, 2) AS money"
		      " FROM loyalty.campaign_day d JOIN loyalty.campaign c USING (campaign_no)"
		      " LEFT JOIN loyalty.currency y USING (currency_id)"
		      " WHERE d.campaign_no = $1::int ORDER BY d.day DESC LIMIT $2::int");
	ask_number(ask, campaign_no);
	ask_number(ask, CAMPAIGN_LAST_DAYS);
}

void campaign_history_table(struct ask *ask, int campaign_no)
{
	ask_init(ask,
		"SELECT to_char(h.at AT TIME ZONE coalesce((SELECT p.timezone FROM loyalty.programme p), 'UTC'),"
		" 'YYYY-MM-DD HH24:MI') AS at, CASE WHEN h.is_by_itself THEN '' ELSE h.login END AS who,"
		" CASE h.action WHEN 'write' THEN 'written' WHEN 'submit' THEN 'revision ' || h.revision_no || ' submitted'"
		" WHEN 'approve' THEN 'revision ' || h.revision_no || ' approved' WHEN 'refuse' THEN 'sent back'"
		" WHEN 'run' THEN 'began' WHEN 'pause' THEN 'paused' WHEN 'resume' THEN 'resumed' WHEN 'stop' THEN 'stopped for good'"
		" WHEN 'end' THEN 'ended' WHEN 'trigger' THEN 'triggered' ELSE h.action END AS what,"
		" coalesce(h.reason, CASE h.action WHEN 'end' THEN 'its last day is over' ELSE '' END) AS why"
		" FROM loyalty.campaign_history($1::int, $2::int) h");
	ask_number(ask, campaign_no);
	ask_number(ask, CAMPAIGN_LAST_MOVES);
}
