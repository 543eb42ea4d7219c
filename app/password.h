// Asks for the database's password on the terminal.
#ifndef APP_PASSWORD_H
#define APP_PASSWORD_H
#include <stdbool.h>

// Reads a password from the controlling terminal without showing it, and lets this process's connections use it;
// it is written down nowhere. false: there is no terminal, or none was typed.
bool password_ask(void);
#endif
