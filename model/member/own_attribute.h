// Attributes that the house declared itself: what members have of them, and the declarations.
#ifndef MODEL_OWN_ATTRIBUTE_H
#define MODEL_OWN_ATTRIBUTE_H
#include "db/result.h"
#include "model/ask.h"
#include "model/page.h"
#include <stdbool.h>
#include <stdint.h>

// What is declared and the person may see, with what the member has of it, in the order of declaration; then the
// consents that are asked for most.
void own_attribute_list(struct ask *ask, int64_t member_id, const struct page *page);
// The same as a table for the command line: attribute, name, value, since, by.
// Texts are borrowed from the result, "" where there is nothing.
struct own_attribute {
	const char *key; // for struct page
	const char *code, *name;
	const char *type;    // text, number, date, choice, yes_no, consent
	const char *choices; // with | between them
	const char *value, *since, *person;
	int decimals;
	bool is_personal;
};
void own_attribute_read(const struct result *result, int row, struct own_attribute *attribute);

// Declares one, or changes one; NULL: as it is, or as usual. choices and seen_by: separated by commas.
struct own_declaration {
	const char *code, *type, *name, *decimals, *choices, *is_personal, *seen_by;
};
void own_attribute_declare(struct ask *ask, const struct own_declaration *declaration);
void own_attribute_drop(struct ask *ask, const char *code);
// All that are declared and the person may see, as a table for the command line.
void own_attribute_declared(struct ask *ask);
#endif
