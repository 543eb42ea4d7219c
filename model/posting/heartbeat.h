// The sign of life of a worker, which every screen shows.
#ifndef MODEL_HEARTBEAT_H
#define MODEL_HEARTBEAT_H
#include "db/error.h"
#include "db/session.h"
#include <stdbool.h>
#include <stdint.h>

struct heartbeat {
	char worker[96]; // host and process
	const char *version;
	int64_t posted, failed; // since the worker began
	int batch_ms;           // how long the last batch took
	bool sends_mail;
	int64_t sent_ms;
};

void heartbeat_init(struct heartbeat *heartbeat, const char *version);
// In a short transaction of its own, at most every two seconds.
bool heartbeat_send(
	struct heartbeat *heartbeat, struct session *session, const char *doing, struct error *error);
// The worker ends as it should: nobody need miss it.
void heartbeat_stop(const struct heartbeat *heartbeat, struct session *session);
#endif
