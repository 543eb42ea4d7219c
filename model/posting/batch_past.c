// A member to whom something happened that is told late: the journal lived once more from the first event on,
// so that the engine knows the days gone by. It must lead to where the tables say the member stands.
#include "model/posting/batch.h"
#include <string.h>

static bool event_relive(struct batch *batch, const struct journal_event *event)
{
	enum refusal refusal = member_run_replay(&batch->run, event);
	return refusal != REFUSAL_OVERFLOW && refusal != REFUSAL_NO_PAST;
}

static bool journal_relive(struct batch *batch, const struct batch_member *member)
{
	const struct result *result = batch->loaded[LOAD_PAST];
	struct journal_event event;
	for (int row = member->past;
		row >= 0 && row < result_rows(result) && result_int64(result, row, 0) == member->member_id;
		row++)
		if (!journal_read_processed(&event, result, row, batch->rulebook, &batch->arena) ||
			(journal_was_processed(&event) && !batch_has_event(batch, member, event.event.seq) &&
				!event_relive(batch, &event)))
			return false;
	return true;
}

// Whether the state is, byte by byte, what the table remembers.
static bool is_remembered(struct batch *batch, const struct batch_member *member)
{
	const struct result *standing = batch->loaded[LOAD_STANDING];
	const struct rulebook_version *version = member_run_version(&batch->run);
	size_t length = result_length(standing, member->standing, STANDING_MEMORY);
	return version != NULL &&
	       version->version_no == result_int64(standing, member->standing, STANDING_VERSION) &&
	       memory_encode(version->programme, member_run_state(&batch->run), &batch->memory) &&
	       batch->memory.length == length &&
	       memcmp(batch->memory.data, result_bytes(standing, member->standing, STANDING_MEMORY),
		       length) == 0;
}

bool batch_relive(struct batch *batch, const struct batch_member *member)
{
	day_t day = result_day(batch->loaded[LOAD_STANDING], member->standing, STANDING_PROCESSED_ON);
	if (!journal_relive(batch, member) ||
		(member_run_state(&batch->run) != NULL && day != DAY_NONE &&
			member_run_advance(&batch->run, day, NULL) != REFUSAL_NONE) ||
		!is_remembered(batch, member))
		return false;
	state_saved(member_run_state(&batch->run));
	return true;
}
