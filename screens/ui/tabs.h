// A row of tabs: "1 Timeline ─ 2 Ledger", chosen by digit, Tab, or h and l.
#ifndef UI_TABS_H
#define UI_TABS_H
#include "screens/ui/draw.h"
#include "screens/ui/screen.h"

struct tabs {
	const char *const *names; // borrowed
	int count;                // at most 9
	int current;
	int width; // of the row, where it may be too short for all; 0: they fit
};

// Takes ACTION_TAB_1.., NEXT_PANE, PREVIOUS_PANE, LEFT and RIGHT. DID only if another tab may be current now.
// The screen needs .digits = true.
enum did tabs_act(struct tabs *t, int action);
void tabs_draw(const struct tabs *t, struct area a, int y);
enum did tabs_mouse(struct tabs *t, int x); // a click on the row of tabs
#endif
