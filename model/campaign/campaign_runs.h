// How a campaign has run so far, as tables to read.
#ifndef MODEL_CAMPAIGN_RUNS_H
#define MODEL_CAMPAIGN_RUNS_H
#include "model/ask.h"

enum { CAMPAIGN_LAST_TURNS = 1000, CAMPAIGN_LAST_DAYS = 60, CAMPAIGN_LAST_MOVES = 200 };

// What became of the last turns: columns outcome, turns. So many rows at most are read, however long it ran.
void campaign_outcome_table(struct ask *ask, int campaign_no);
// The last days on which it did anything, newest first: day, turns, grants, points, money.
void campaign_day_table(struct ask *ask, int campaign_no);

// What people and the campaign itself did with it, newest first: at, who ("" for itself), what, why.
void campaign_history_table(struct ask *ask, int campaign_no);
#endif
