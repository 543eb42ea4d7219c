// What the verbs about the programme's versions share.
#ifndef APP_PROGRAMME_H
#define APP_PROGRAMME_H
#include "app/verb.h"
#include "db/session.h"
#include "model/programme/programme_version.h"
#include <stdbool.h>
#include <stddef.h>

// A file's text, or, where `name` is no path, that of the document of that name and kind that travels inside the
// program. Ends with NUL; to be freed. NULL: error tells why.
#define PROGRAMME_PRESETS "db/programmes"
#define CAMPAIGN_TEMPLATES "db/campaigns"
char *file_text(const char *name, size_t *length, struct error *error); // of a file only
char *document_text(const char *kind, const char *name, size_t *length, struct error *error);
// Prints it, neutralised where it goes to a terminal.
void document_print(const char *text);
// Reads the number of a version; false with an error of kind USAGE.
bool version_name_read(const char *text, int *version_no, struct error *error);
// The version, document included, 0 being the one in force; texts live in the result returned. NULL: there is
// none.
struct result *version_fetch(
	struct session *session, int version_no, struct programme_version *version, struct error *error);
#endif
