// What the demo's members answer to its surveys, as CSV for the import: the same on every machine for one seed.
#ifndef APP_DEMO_SURVEY_H
#define APP_DEMO_SURVEY_H
#include "db/error.h"
#include "db/result.h"
#include <stddef.h>
#include <stdint.h>

// Columns token, survey, member, score, comment, channel, answered_at; invited as demo_survey_invited() has it. To be freed. NULL:
// error tells why.
char *demo_survey_answers(const struct result *invited, uint64_t seed, size_t *length, struct error *error);
#endif
