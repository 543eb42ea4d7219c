// Cases and requests of the demo, written through the same functions as real ones.
#ifndef MODEL_DEMO_CASE_H
#define MODEL_DEMO_CASE_H
#include "db/session.h"
#include "model/ask.h"
#include <stdint.h>

enum demo_case_state { DEMO_CASE_NEW, DEMO_CASE_TAKEN, DEMO_CASE_ANSWERED, DEMO_CASE_RESOLVED };

// %s in a text stands for an order of the member's.
struct demo_case {
	int64_t number; // of the member
	char keys[3][KEY_SIZE];
	const char *channel, *priority, *title, *said, *note, *answer, *cause, *outcome;
	const char *owner; // login
	enum demo_case_state state;
};

// Once written it is left as it is. A member who is not there is passed over.
bool demo_case_write(struct session *session, const struct demo_case *demo_case, struct error *error);

// Asks for goodwill of as many units of the programme's first currency to spend; above the login's limit it waits for a
// second person. The same key again is the same request.
bool demo_goodwill_write(
	struct session *session, int64_t number, const char *key, int points, const char *reason, struct error *error);

// Acts as that login from now on where a superuser asks and the login is staff; else as oneself.
bool demo_login_take(struct session *session, const char *login, struct error *error);
#endif
