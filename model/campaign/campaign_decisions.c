// The decisions of a campaign from the first on, in the order they were made, read in pieces.
#include "model/campaign/campaign_decisions.h"

#include <inttypes.h>
#include <stdio.h>

enum { AT_ONCE = 20000 };

bool decisions_each(struct session *session, const char *sql, int campaign_no, decision_look *look, void *payload,
	struct error *error)
{
	char number[12], after[24] = "0", limit[12];
	const char *values[] = {number, after, limit};
	int rows;
	snprintf(number, sizeof number, "%d", campaign_no);
	snprintf(limit, sizeof limit, "%d", AT_ONCE);
	do {
		struct result *piece = session_query_binary(session, sql, values, 3, error);
		if (!piece)
			return false;
		rows = result_rows(piece);
		for (int row = 0; row < rows; row++)
			look(payload, piece, row);
		if (rows > 0)
			snprintf(after, sizeof after, "%" PRId64, result_int64(piece, rows - 1, 0));
		result_free(piece);
	} while (rows == AT_ONCE);
	return true;
}
