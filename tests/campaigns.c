// Campaigns brought to life in tests: written and submitted by elif, approved by murat.
#include "tests/campaigns.h"

#include "model/campaign/campaign_template.h"
#include "tests/database.h"
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef bool move_fn(struct campaign_request *, const struct campaign_line *, const struct campaign_house *,
	struct error *);

static void expect(bool is_good, const struct error *error)
{
	char line[800];
	ck_assert_msg(is_good, "%s", error_line(error, line, sizeof line));
}

// Sends the request; the SQLSTATE it was refused with, or "".
static const char *request_send(struct session *session, struct campaign_request *request, int *number)
{
	static char state[8];
	struct error error = {0};
	struct result *result = ask_session(session, &request->ask, &error);
	if (result && number)
		*number = (int)result_int64(result, 0, 0);
	snprintf(state, sizeof state, "%s", result ? "" : error.sqlstate);
	ck_assert_msg(result || *state, "%s", error.why);
	result_free(result);
	campaign_request_free(request);
	return state;
}

const char *campaigns_try_save(const char *login, const char *document, int *campaign_no)
{
	struct session *session = database_login(login);
	struct campaign_house house;
	struct campaign_request request;
	struct error error = {0};
	expect(campaign_house_load(&house, session, &error), &error);
	expect(campaign_save(&request, "document", document, strlen(document), &house, &error), &error);
	const char *state = request_send(session, &request, campaign_no);
	campaign_house_free(&house);
	session_close(session);
	return state;
}

int campaigns_begin(const char *login, const char *template, const char *code)
{
	struct session *session = database_login(login);
	struct facts facts;
	struct error error = {0};
	int campaign_no = 0;
	expect(facts_load(&facts, session, &error), &error);
	char *text = campaign_template(template, code, code, facts.business_day + 1, &facts);
	ck_assert_ptr_nonnull(text);
	ck_assert_str_eq(campaigns_try_save(login, text, &campaign_no), "");
	free(text);
	facts_free(&facts);
	session_close(session);
	return campaign_no;
}

static const char *try_move(const char *login, int campaign_no, move_fn *move)
{
	struct session *session = database_login(login);
	struct campaign_house house;
	struct ask ask;
	struct campaign_line line;
	struct campaign_request request;
	struct error error = {0};
	expect(campaign_house_load(&house, session, &error), &error);
	campaign_get(&ask, campaign_no);
	struct result *result = ask_session(session, &ask, &error);
	expect(result != NULL, &error);
	campaign_line_read(result, 0, &line);
	expect(move(&request, &line, &house, &error), &error);
	const char *state = request_send(session, &request, NULL);
	result_free(result);
	campaign_house_free(&house);
	session_close(session);
	return state;
}

const char *campaigns_try_submit(const char *login, int campaign_no)
{
	return try_move(login, campaign_no, campaign_submit);
}

const char *campaigns_try_approve(const char *login, int campaign_no)
{
	return try_move(login, campaign_no, campaign_approve);
}

int campaigns_save(const char *document)
{
	int campaign_no = 0;
	ck_assert_str_eq(campaigns_try_save("elif", document, &campaign_no), "");
	return campaign_no;
}

void campaigns_submit(int campaign_no)
{
	ck_assert_str_eq(campaigns_try_submit("elif", campaign_no), "");
}

void campaigns_approve(int campaign_no)
{
	ck_assert_str_eq(campaigns_try_approve("murat", campaign_no), "");
}

int campaigns_start(const char *document)
{
	int campaign_no = campaigns_save(document);
	campaigns_submit(campaign_no);
	campaigns_approve(campaign_no);
	return campaign_no;
}

const char *campaigns_change(const char *document, const char *from, const char *to)
{
	static char texts[2][8000];
	static int turn;
	char *text = texts[turn = !turn]; // so that a changed one may be changed again
	const char *at = strstr(document, from);
	ck_assert_msg(at != NULL, "no %s in the document", from);
	snprintf(text, sizeof texts[0], "%.*s%s%s", (int)(at - document), document, to, at + strlen(from));
	return text;
}
