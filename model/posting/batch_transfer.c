// What a batch's transfers must know of their receivers, and what is written of them.
#include "model/posting/batch.h"

bool batch_receivers_ask(struct batch *batch)
{
	struct query *query = &batch->load[LOAD_RECEIVER];
	struct parameter *members = query_array(query, WIRE_INT8), *seqs = query_array(query, WIRE_INT8);
	struct parameter *numbers = query_array(query, WIRE_INT8);
	for (int i = 0; i < batch->event_count; i++)
		if (batch->events[i].is_transfer) {
			array_int(members, batch->events[i].journal.member_id);
			array_int(seqs, batch->events[i].journal.event.seq);
			array_int(numbers, batch->events[i].journal.other_number);
		}
	return array_count(members) > 0;
}

static bool is_reached(const struct batch *batch, const struct batch_member *member, int64_t seq)
{
	const struct result *result = batch->loaded[LOAD_RECEIVER];
	for (int row = member->receiver;
		row >= 0 && row < result_rows(result) && result_int64(result, row, 0) == member->member_id;
		row++)
		if (result_int64(result, row, 1) == seq)
			return true;
	return false;
}

// Whoever is gone between this look and the commit keeps what arrives: it stands in that journal, for a
// person to move.
void batch_receivers_tell(struct batch *batch)
{
	for (int m = 0; m < batch->member_count; m++) {
		const struct batch_member *member = &batch->members[m];
		for (int i = member->first; i < member->first + member->count; i++) {
			struct batch_event *event = &batch->events[i];
			if (event->is_transfer)
				event->journal.event.receiver_gone =
					!is_reached(batch, member, event->journal.event.seq);
		}
	}
}

int64_t batch_receiver_of(const struct batch *batch, const struct batch_member *member, int64_t seq)
{
	for (int i = member->first; i < member->first + member->count; i++)
		if (batch->events[i].journal.event.seq == seq)
			return batch->events[i].journal.other_number;
	return 0;
}
