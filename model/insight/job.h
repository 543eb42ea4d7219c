// Jobs on figures: counting all of them anew, and the grid of recency, frequency and money of a closed day.
#ifndef MODEL_INSIGHT_JOB_H
#define MODEL_INSIGHT_JOB_H
#include "db/error.h"
#include "db/session.h"
#include "model/engine/day.h"
#include "model/insight/fold.h"
#include <signal.h>
#include <stdbool.h>

// A job goes part by part, each in a transaction that notes it as done: killed anywhere, the next worker goes
// on with that part. What screens read is whole at any time: a part is seen old or new.

// Does the next part of the oldest open job. *is_busy: there was one, and nobody else was at it.
bool job_step(struct fold *fold, bool *is_busy, struct error *error);
// Writes down the grid's job for the day before `day` where there is none yet, if there are members with
// figures.
bool job_plan(struct session *session, day_t day, struct error *error);
#endif
