// The text of an invitation to a survey, out of a file.
#ifndef APP_SURVEY_LETTER_H
#define APP_SURVEY_LETTER_H
#include "app/verb.h"
#include "model/survey/survey.h"

// Reads and checks the file, with the options --link and --language, and hands on what it says. Returns the exit status.
typedef int survey_letter_run(const struct arguments *arguments, const struct survey_letter *letter);
int survey_letter_do(const struct arguments *arguments, const char *file, survey_letter_run *run);
#endif
