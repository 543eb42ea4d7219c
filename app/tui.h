// What the command line asks of the screens beside opening them.
#ifndef APP_TUI_H
#define APP_TUI_H
#include "app/config.h"

// Whether every rebinding names an action and keys that there are. Changes the table of actions, so only for a program
// that opens no screens. false: error tells file, line and what is wrong.
bool tui_check_keys(const struct config *config, struct error *error);
#endif
