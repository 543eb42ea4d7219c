// Invitations to surveys that go out by e-mail.
#ifndef APP_SURVEY_MAIL_H
#define APP_SURVEY_MAIL_H
#include "app/verb.h"

// What the verb survey invite does with --mail. Returns the exit status.
int survey_mail(const struct arguments *arguments);
#endif
