// The campaigns that ship with the program, to begin one's own from.
#ifndef MODEL_CAMPAIGN_TEMPLATE_H
#define MODEL_CAMPAIGN_TEMPLATE_H
#include "model/engine/day.h"
#include "model/facts.h"

enum { CAMPAIGN_TEMPLATES_MOST = 16 };
// Their names, ended by NULL; static.
const char *const *campaign_template_names(void);

// The document of a template as a campaign of one's own: that code and name, a year from the first day on,
// points in the currency that members spend. To be freed; NULL: no such template, or out of memory.
char *campaign_template(
	const char *template, const char *code, const char *name, day_t first_day, const struct facts *facts);
#endif
