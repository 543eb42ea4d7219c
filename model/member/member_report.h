// Everything about one member for the command line, in sections, and members found by what is known of them.
#ifndef MODEL_MEMBER_REPORT_H
#define MODEL_MEMBER_REPORT_H
#include "db/session.h"
#include <stdbool.h>

struct member_section {
	const char *name;
	const char *sql;  // $1: member_id
	bool is_record;   // at most one row
};
extern const struct member_section MEMBER_SECTIONS[]; // name NULL ends them

// The member with that number or card, into member_id[24] as text. Reading the first section is written into the audit log.
bool member_report_find(struct session *session, const char *name, char *member_id, struct error *error);
struct result *member_report_section(
	struct session *session, const struct member_section *section, const char *member_id, struct error *error);

// Columns number, given_name, family_name, city, enrolled, status; best first, at most 50.
struct result *member_report_search(struct session *session, const char *text, struct error *error);
#endif
