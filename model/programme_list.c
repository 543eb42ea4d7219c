// The versions of the programme that the database holds.
#include "model/programme_list.h"

#include <string.h>

struct result *programme_list(struct session *session, struct error *error)
{
	return session_query(session,
		"SELECT v.version_no AS version, v.state, v.effective_from, v.author, "
		"to_char(v.written_at, 'YYYY-MM-DD HH24:MI') AS written, v.approver "
		"FROM loyalty.programme_version v ORDER BY v.version_no DESC",
		NULL, 0, error);
}

static const char OF_VERSION[] = "SELECT v.document FROM loyalty.programme_version v WHERE v.version_no = $1::int";
static const char IN_FORCE[] =
	"SELECT v.document FROM loyalty.programme_version v WHERE v.state = 'approved' "
	"ORDER BY v.effective_from > loyalty.business_day(), v.effective_from DESC LIMIT 1";

struct result *programme_document(struct session *session, const char *version, struct error *error)
{
	if (version && (strspn(version, "0123456789") != strlen(version) || strlen(version) > 4)) {
		error_set(error, ERROR_USAGE, version, "loyalty programme list shows the versions", "a version is a number");
		return NULL;
	}
	struct result *result = session_query(session, version ? OF_VERSION : IN_FORCE, &version, version ? 1 : 0, error);
	if (result && result_rows(result) == 0) {
		error_set(error, ERROR_FAILED, "there is no such version of the programme",
			"loyalty programme list shows the versions", "%s", version ? version : "none is in force");
		result_free(result);
		return NULL;
	}
	return result;
}
