// The verbs reward ...: the catalogue and its stock.
#include "app/output.h"
#include "app/verb.h"
#include "model/reward_stock.h"

#include <stdio.h>

int reward_list_verb(const struct arguments *arguments)
{
	struct error error = {0};
	struct session *session = verb_session(arguments, &error);
	struct result *list = session ? reward_list(session, &error) : NULL;
	if (list)
		output_table(stdout, arguments->format, list);
	result_free(list);
	session_close(session);
	return list ? 0 : verb_failed(&error);
}

int reward_stock_verb(const struct arguments *arguments)
{
	struct error error = {0};
	int64_t served = 0;
	struct session *session = verb_session(arguments, &error);
	bool is_good = session && reward_stock_set(session, arguments->operands[0], arguments->operands[1],
					  &served, &error);
	session_close(session);
	if (!is_good)
		return verb_failed(&error);
	if (served)
		printf("%lld that waited for stock have their codes now\n", (long long)served);
	else
		puts("done");
	return 0;
}
