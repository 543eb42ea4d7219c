// Reads the document a survey is made of.
#ifndef APP_SURVEY_DOCUMENT_H
#define APP_SURVEY_DOCUMENT_H
#include "db/error.h"

// The document as JSON, for survey_create(); to be freed. NULL: error tells which setting of which line is wrong.
char *survey_document_read(const char *file, struct error *error);
#endif
