// Help made from the live table of actions: what the keys do on this screen, searchable.
#ifndef UI_HELP_H
#define UI_HELP_H
#include "screens/ui/screen.h"

void help_open(struct screen *asker);
#endif
