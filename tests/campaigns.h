// Campaigns brought to life in tests: written and submitted by elif, approved by murat.
#ifndef TESTS_CAMPAIGNS_H
#define TESTS_CAMPAIGNS_H
#include "db/error.h"
#include "model/campaign/campaign_life.h"

// Each logs in anew to the database PGDATABASE names and fails the test where it is refused.
int campaigns_save(const char *document); // returns the campaign's number
void campaigns_submit(int campaign_no);
void campaigns_approve(int campaign_no);
int campaigns_start(const char *document); // all three
// A draft of that login from a template, with that code; returns its number.
int campaigns_begin(const char *login, const char *template, const char *code);
// What each answers to that login: "" if it was done, else the SQLSTATE. Static buffer.
const char *campaigns_try_save(const char *login, const char *document, int *campaign_no);
const char *campaigns_try_submit(const char *login, int campaign_no);
const char *campaigns_try_approve(const char *login, int campaign_no);
// The text with one part of it replaced, which must be there. Static buffer.
const char *campaigns_change(const char *document, const char *from, const char *to);
#endif
