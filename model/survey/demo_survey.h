// Surveys of the demo: two years of invitations, made as they would have been sent.
#ifndef MODEL_SURVEY_DEMO_SURVEY_H
#define MODEL_SURVEY_DEMO_SURVEY_H
#include "db/session.h"

// Makes the surveys "nps" (relational, a wave a month) and "care" (transactional), and the invitations of the past. Tokens are
// demo-NUMBER-WAVE. Once made they are left as they are. Asks for a superuser, as nobody else writes the past.
bool demo_surveys_make(struct session *session, struct error *error);
// Columns number, wave_no, invited (a day_t), rank (of the tier, from 0), city: everybody ever invited.
struct result *demo_survey_invited(struct session *session, struct error *error);
// Follows up some of the detractors of the last half year, as people did then: their cases are opened, answered and closed, and
// dated back.
bool demo_survey_cases(struct session *session, struct error *error);
#endif
