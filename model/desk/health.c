// Asks how the house is.
#include "model/desk/health.h"
#include <stdio.h>

static const char BADGES_SQL[] =
	"SELECT loyalty.case_filter_count('owner=me'), loyalty.case_filter_count('owner=none'),"
	" (SELECT count(*) FROM (SELECT FROM loyalty.approval a WHERE a.decision IS NULL"
	"   AND a.requested_by <> session_user LIMIT 100) x) + (SELECT count(*) FROM loyalty.programme_version v"
	"   WHERE v.state = 'submitted' AND session_user NOT IN (v.author, v.submitter)),"
	" (SELECT count(*) FROM loyalty.worker_heartbeat w WHERE w.beat_at > now() - $1 * interval '1 s'), loyalty.desk_inbox_unread()";

static const char BADGES_WORKERS_SQL[] = "SELECT 0, 0, 0, (SELECT count(*) FROM loyalty.worker_heartbeat w "
					 "WHERE w.beat_at > now() - $1 * interval '1 s'), 0";

void badges_ask(struct ask *ask)
{
	ask_init(ask, BADGES_SQL);
	ask_number(ask, WORKER_LATE_S);
}

void badges_workers_ask(struct ask *ask)
{
	ask_init(ask, BADGES_WORKERS_SQL);
	ask_number(ask, WORKER_LATE_S);
}

void badges_take(struct badges *badges, const struct result *r)
{
	*badges = (struct badges){.my_cases = result_int64(r, 0, 0),
		.free_cases = result_int64(r, 0, 1),
		.approvals = result_int64(r, 0, 2),
		.workers = result_int64(r, 0, 3),
		.unread = result_int64(r, 0, 4)};
}

void workers_ask(struct ask *ask)
{
	ask_init(ask, "SELECT worker, doing, version, extract(epoch FROM now() - beat_at)::bigint,"
		      " extract(epoch FROM now() - started_at)::bigint, posted, failed, batch_ms"
		      " FROM loyalty.worker_heartbeat ORDER BY beat_at DESC, worker LIMIT 50");
}

void workers_row(struct worker_row *w, const struct result *r, int row)
{
	snprintf(w->worker, sizeof w->worker, "%s", result_text(r, row, 0));
	snprintf(w->doing, sizeof w->doing, "%s", result_text(r, row, 1));
	snprintf(w->version, sizeof w->version, "%s", result_text(r, row, 2));
	w->age_s = result_int64(r, row, 3);
	w->up_s = result_int64(r, row, 4);
	w->posted = result_int64(r, row, 5);
	w->failed = result_int64(r, row, 6);
	w->batch_ms = result_int64(r, row, 7);
}

static const char BACKLOG_SQL[] =
	"SELECT (SELECT count(*) FROM (SELECT FROM loyalty.inbox i WHERE i.lane = 0 LIMIT $1) x),"
	" (SELECT count(*) FROM (SELECT FROM loyalty.inbox i WHERE i.lane <> 0 LIMIT $1) x),"
	" coalesce((SELECT extract(epoch FROM now() - min(j.submitted_at))::bigint FROM"
	"   (SELECT i.member_id, i.seq FROM loyalty.inbox i WHERE i.lane = 0 LIMIT 1000) w"
	"   JOIN loyalty.journal j USING (member_id, seq)), -1),"
	" (SELECT count(*) FROM (SELECT FROM loyalty.outcome o WHERE o.result = 'failed' LIMIT $1) x)";

void backlog_ask(struct ask *ask)
{
	ask_init(ask, BACKLOG_SQL);
	ask_number(ask, BACKLOG_MOST);
}

void backlog_take(struct backlog *b, const struct result *r)
{
	*b = (struct backlog){.waiting = result_int64(r, 0, 0),
		.bulk = result_int64(r, 0, 1),
		.oldest_s = result_int64(r, 0, 2),
		.failed = result_int64(r, 0, 3)};
}

static const char FAILED_SQL[] =
	"SELECT o.member_id, o.seq, m.number, o.attempts, j.type, o.reason || CASE WHEN o.detail <> '' THEN "
	"': ' ELSE '' END"
	" || o.detail, to_char(o.at AT TIME ZONE (SELECT timezone FROM loyalty.programme), 'YYYY-MM-DD "
	"HH24:MI'),"
	" btrim(m.given_name || ' ' || m.family_name)"
	" FROM loyalty.outcome o JOIN loyalty.journal j USING (member_id, seq) JOIN loyalty.member m USING "
	"(member_id)"
	" WHERE o.result = 'failed' ORDER BY o.at DESC, o.member_id DESC, o.seq DESC LIMIT $1";

void failed_ask(struct ask *ask)
{
	ask_init(ask, FAILED_SQL);
	ask_number(ask, FAILED_MOST);
}

void failed_row(struct failed_event *f, const struct result *r, int row)
{
	f->member_id = result_int64(r, row, 0);
	f->seq = result_int64(r, row, 1);
	f->number = result_int64(r, row, 2);
	f->attempts = result_int64(r, row, 3);
	snprintf(f->type, sizeof f->type, "%s", result_text(r, row, 4));
	snprintf(f->reason, sizeof f->reason, "%s", result_text(r, row, 5));
	snprintf(f->at, sizeof f->at, "%s", result_text(r, row, 6));
	snprintf(f->name, sizeof f->name, "%s", result_text(r, row, 7));
}

static void ask_event(struct ask *ask, const char *sql, int64_t member_id, int64_t seq)
{
	ask_init(ask, sql);
	ask_number(ask, member_id);
	ask_number(ask, seq);
}

void failed_retry_ask(struct ask *ask, int64_t member_id, int64_t seq)
{
	ask_event(ask, "SELECT loyalty.event_retry($1, $2)", member_id, seq);
}

void failed_cancel_ask(struct ask *ask, int64_t member_id, int64_t seq)
{
	ask_event(ask, "SELECT loyalty.event_cancel($1, $2)", member_id, seq);
}

void proofs_ask(struct ask *ask)
{
	ask_init(ask, "SELECT to_char(at AT TIME ZONE (SELECT timezone FROM loyalty.programme), 'YYYY-MM-DD "
		      "HH24:MI'), by_login,"
		      " kind, first_broken, extract(epoch FROM now() - at)::bigint, members, entries, "
		      "replayed, broken"
		      " FROM loyalty.proof ORDER BY proof_no DESC LIMIT 10");
}

void proofs_row(struct proof_row *p, const struct result *r, int row)
{
	snprintf(p->at, sizeof p->at, "%s", result_text(r, row, 0));
	snprintf(p->by, sizeof p->by, "%s", result_text(r, row, 1));
	snprintf(p->kind, sizeof p->kind, "%s", result_text(r, row, 2));
	snprintf(p->first_broken, sizeof p->first_broken, "%s", result_text(r, row, 3));
	p->age_s = result_int64(r, row, 4);
	p->members = result_int64(r, row, 5);
	p->entries = result_int64(r, row, 6);
	p->replayed = result_int64(r, row, 7);
	p->broken = result_int64(r, row, 8);
}
