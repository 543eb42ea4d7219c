// The lines around a screen: title with breadcrumb and badges, message line, key bar.
#ifndef UI_STATUS_H
#define UI_STATUS_H
#include "screens/ui/draw.h"

#include <stdbool.h>
#include <stdint.h>

struct screen;

enum { STATUS_MESSAGE_MAX = 512 };

// Who is where. Texts are the owner's to change at any time between frames.
struct status {
	char user[64], role[32], database[64];
	char environment[24]; // "PRODUCTION", "demo"; "" for none
	bool dangerous;       // the environment is one where mistakes are dear
	bool read_only;
	char notice[64]; // "3 cases · 12 approvals"; "" for none
	char worker[48]; // at the right of the message line: "worker ok"; "" for none
	char message[STATUS_MESSAGE_MAX];
	enum role message_role;
};

void status_draw_title(const struct status *status, const struct screen *top, struct area a);

// The message, or what is waited for since more than 0.3 s; at the right the position in the list.
void status_draw_message(
	const struct status *status, const struct screen *top, struct area a, int64_t now_ms);

// What can be done here, at most eight of them.
void status_draw_keys(const struct screen *top, struct area a);

// Milliseconds until the spinner has to turn, -1: it does not.
int status_timeout_ms(const struct screen *top, int64_t now_ms);
#endif
