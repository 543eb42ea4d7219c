// All figures counted anew, from outside: asking for it, and how far the job is.
#include "model/insight/recompute.h"

void recompute_ask(struct ask *ask)
{
	ask_init(ask, "SELECT loyalty.insight_job_ask('recompute')");
}

void recompute_look(struct ask *ask, const char *job_no)
{
	// clang-format off
	ask_init(ask, "SELECT j.done, j.parts, j.members, j.ended_at IS NOT NULL, (SELECT count(*) FROM loyalty.worker_heartbeat w"
		" WHERE w.beat_at > now() - interval '15 s') FROM loyalty.insight_job j WHERE j.job_no = $1::bigint");
	// clang-format on
	ask_text(ask, job_no);
}

void recompute_state_read(struct recompute_state *state, const struct result *result)
{
	*state = (struct recompute_state){.done = result_int64(result, 0, 0),
		.parts = result_int64(result, 0, 1),
		.members = result_int64(result, 0, 2),
		.is_over = result_bool(result, 0, 3),
		.workers = result_int64(result, 0, 4)};
}
