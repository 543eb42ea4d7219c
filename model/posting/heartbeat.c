// The sign of life of a worker, which every screen shows.
#include "db/clock.h"
#include "model/posting/heartbeat.h"

#include <stdio.h>
#include <unistd.h>

enum { BEAT_MS = 2000 };

void heartbeat_init(struct heartbeat *heartbeat, const char *version)
{
	char host[64] = "";
	gethostname(host, sizeof host - 1);
	*heartbeat = (struct heartbeat){.version = version ? version : ""};
	snprintf(heartbeat->worker, sizeof heartbeat->worker, "%s:%d", host, (int)getpid());
}

bool heartbeat_send(
	struct heartbeat *heartbeat, struct session *session, const char *doing, struct error *error)
{
	char posted[24], failed[24], batch_ms[24];
	int64_t now = clock_ms();
	if (heartbeat->sent_ms && now - heartbeat->sent_ms < BEAT_MS)
		return true;
	heartbeat->sent_ms = now;
	snprintf(posted, sizeof posted, "%lld", (long long)heartbeat->posted);
	snprintf(failed, sizeof failed, "%lld", (long long)heartbeat->failed);
	snprintf(batch_ms, sizeof batch_ms, "%d", heartbeat->batch_ms);
	const char *values[] = {heartbeat->worker, posted, failed, batch_ms, doing, heartbeat->version,
		heartbeat->sends_mail ? "true" : "false"};
	return session_execute(session,
		"INSERT INTO loyalty.worker_heartbeat (worker, posted, failed, batch_ms, doing, version, sends_mail) "
		"VALUES ($1, $2, $3, $4, $5, $6, $7::boolean) ON CONFLICT (worker) DO UPDATE "
		"SET beat_at = excluded.beat_at, posted = excluded.posted, failed = excluded.failed, "
		"batch_ms = excluded.batch_ms, doing = excluded.doing",
		values, 7, error);
}

void heartbeat_stop(const struct heartbeat *heartbeat, struct session *session)
{
	const char *values[] = {heartbeat->worker};
	session_execute(session, "DELETE FROM loyalty.worker_heartbeat WHERE worker = $1", values, 1, NULL);
}
