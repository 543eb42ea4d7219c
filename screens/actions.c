// The table of what can be done on the business screens.
#include "screens/actions.h"

#define SERVE ACTION_FOR(DESK_MAY_SERVE)
#define DECIDE ACTION_FOR(DESK_MAY_DECIDE)
#define DRAFT ACTION_FOR(DESK_MAY_DRAFT)

const struct action_info desk_actions[] = {
#define DESK_ACTION(symbol, called, default_keys, bar, heading, bits, line)                                  \
	[ACTION_##symbol - ACTION_OWN] = {.name = called,                                                    \
		.keys = default_keys,                                                                        \
		.label = bar,                                                                                \
		.group = heading,                                                                            \
		.help = line,                                                                                \
		.flags = bits},
	DESK_ACTIONS(DESK_ACTION)
#undef DESK_ACTION
};
