// One statement on its way to the database, with its values written out: what model/ hands to the screens.
#ifndef MODEL_ASK_H
#define MODEL_ASK_H
#include "db/connection.h"
#include "db/session.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { ASK_VALUES_MAX = 48, ASK_SHORT = 40 };

// Values are $1, $2 ... in the order they are added. Texts are borrowed until the statement is sent; numbers
// and short texts are kept here, so a struct ask must not be copied. The database does the reading: dates and
// uuids travel as text.
struct ask {
	const char *sql;
	const char *values[ASK_VALUES_MAX];
	char kept[ASK_VALUES_MAX][ASK_SHORT];
	int count;
};

void ask_init(struct ask *ask, const char *sql);
void ask_text(struct ask *ask, const char *text); // NULL: SQL's NULL
void ask_number(struct ask *ask, int64_t number);
void ask_short(struct ask *ask, const char *text, size_t bytes); // copied; less than ASK_SHORT bytes
struct statement ask_statement(const struct ask *ask);           // borrows the ask
// Sends it over a session and waits; as session_query().
struct result *ask_session(struct session *session, const struct ask *ask, struct error *error);

// A new random key (a UUID) for a write, so that sent twice it is done once. False: the system gives no
// random bytes.
enum { KEY_SIZE = 37 };
bool ask_key(char key[KEY_SIZE]);
#endif
