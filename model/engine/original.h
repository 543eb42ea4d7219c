// The purchases and partner events a state remembers for returns. Private to model/engine/.
#ifndef ENGINE_ORIGINAL_H
#define ENGINE_ORIGINAL_H
#include "model/engine/payment.h"
#include "model/engine/state.h"

struct kept_original {
	int64_t seq;
	day_t day;
	enum event_type type;
	struct event_line *lines; // amount_minor: what returns have left
	struct standing_award *awards;
	int64_t *expired; // one a currency
	int line_count, award_count;
	int64_t first_lot, last_lot; // serials between which the lots that it credited are
};

struct originals {
	struct payments payments;
	struct kept_original *kept; // by rising seq
	int count, capacity;
	struct arena arena; // owns their arrays
};

// NULL if it is not known.
struct kept_original *original_find(const struct member_state *, int64_t seq);

// Remembers the event if the state keeps originals; its awards are added as they are made. Else NULL.
struct kept_original *original_keep(struct member_state *, const struct event *);
void original_award(struct kept_original *, const struct standing_award *);

void originals_free(struct member_state *);
#endif
