// Between the screens of the figures: from a figure to the grid and to the members behind it.
#ifndef SCREENS_INSIGHTS_STATE_H
#define SCREENS_INSIGHTS_STATE_H
#include "model/insight/drill.h"
#include "screens/desk.h"

extern const struct screen_ops insight_members_screen; // argument: const struct drill_of *
extern const struct screen_ops insight_grid_screen;
#endif
