// The table of what can be done on the business screens.
#include "screens/actions.h"

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
