// Reads the rows of a result, whether they came as text or in binary.
#include "db/libpq.h"

#include <endian.h>
#include <stdlib.h>
#include <string.h>

enum { OID_BOOL = 16, OID_FLOAT4 = 700, OID_FLOAT8 = 701 };

int result_rows(const struct result *result)
{
	return PQntuples(result_pg(result));
}

int result_columns(const struct result *result)
{
	return PQnfields(result_pg(result));
}

const char *result_column_name(const struct result *result, int column)
{
	const char *name = PQfname(result_pg(result), column);
	return name ? name : "";
}

// PQfnumber() would fold case and take quotes, as SQL does.
int result_column(const struct result *result, const char *name)
{
	for (int column = 0; column < result_columns(result); column++)
		if (strcmp(result_column_name(result, column), name) == 0)
			return column;
	return -1;
}

bool result_is_null(const struct result *result, int row, int column)
{
	return PQgetisnull(result_pg(result), row, column) != 0;
}

const char *result_text(const struct result *result, int row, int column)
{
	const char *text = PQgetvalue(result_pg(result), row, column);
	return text ? text : "";
}

size_t result_length(const struct result *result, int row, int column)
{
	return (size_t)PQgetlength(result_pg(result), row, column);
}

static bool is_binary(const struct result *result, int column)
{
	return PQfformat(result_pg(result), column) == 1;
}

int64_t big_endian_int(const char *at, size_t width)
{
	uint64_t wide;
	uint32_t narrow;
	if (width == 8)
		return (int64_t)be64toh(*(uint64_t *)memcpy(&wide, at, sizeof wide));
	if (width == 4)
		return (int32_t)be32toh(*(uint32_t *)memcpy(&narrow, at, sizeof narrow));
	if (width == 0 || width > 8)
		return 0;
	uint64_t value = (uint64_t)(int64_t)(signed char)at[0];
	for (size_t i = 1; i < width; i++)
		value = value << 8 | (unsigned char)at[i];
	return (int64_t)value;
}

int64_t result_int64(const struct result *result, int row, int column)
{
	const char *text = result_text(result, row, column);
	if (is_binary(result, column))
		return big_endian_int(text, result_length(result, row, column));
	if (*text == 't')
		return 1;
	return strtoll(text, NULL, 10);
}

double result_double(const struct result *result, int row, int column)
{
	if (!is_binary(result, column))
		return strtod(result_text(result, row, column), NULL);
	if (result_is_null(result, row, column))
		return 0;
	int64_t bits = result_int64(result, row, column);
	double wide = 0;
	float narrow = 0;
	switch (PQftype(result_pg(result), column)) {
	case OID_FLOAT8:
		memcpy(&wide, &bits, sizeof wide);
		return wide;
	case OID_FLOAT4:
		memcpy(&narrow, &(int32_t){(int32_t)bits}, sizeof narrow);
		return (double)narrow;
	default:
		return (double)bits;
	}
}

bool result_is_bool(const struct result *result, int column)
{
	return PQftype(result_pg(result), column) == OID_BOOL;
}

bool result_bool(const struct result *result, int row, int column)
{
	return result_int64(result, row, column) != 0;
}

// Days from 2000-01-01 in the Gregorian calendar carried back, as PostgreSQL counts them; years begin in
// March here, so that the leap day comes last.
static int32_t day_number(int64_t year, int month, int day)
{
	year -= month <= 2;
	int64_t era = (year >= 0 ? year : year - 399) / 400;
	int64_t year_of_era = year - era * 400;
	int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
	int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
	return (int32_t)(era * 146097 + day_of_era - 730425);
}

static int32_t day_from_text(const char *text)
{
	char *end;
	if (strcmp(text, "-infinity") == 0)
		return INT32_MIN;
	long long year = strtoll(text, &end, 10);
	if (end == text || *end != '-')
		return RESULT_DAY_NONE;
	long month = strtol(end + 1, &end, 10);
	if (*end != '-' || month < 1 || month > 12)
		return RESULT_DAY_NONE;
	long day = strtol(end + 1, &end, 10);
	if (strstr(end, "BC"))
		year = 1 - year;
	return day_number(year, (int)month, (int)day);
}

int32_t result_day(const struct result *result, int row, int column)
{
	if (result_is_null(result, row, column))
		return RESULT_DAY_NONE;
	if (is_binary(result, column))
		return (int32_t)result_int64(result, row, column);
	return day_from_text(result_text(result, row, column));
}

int64_t result_affected(const struct result *result)
{
	return strtoll(PQcmdTuples(result_pg(result)), NULL, 10);
}

bool result_good(const struct result *result)
{
	switch (PQresultStatus(result_pg(result))) {
	case PGRES_COMMAND_OK:
	case PGRES_TUPLES_OK:
	case PGRES_SINGLE_TUPLE:
	case PGRES_EMPTY_QUERY:
	case PGRES_PIPELINE_SYNC:
		return true;
	default:
		return false;
	}
}

static const char *field(const struct result *result, int code)
{
	const char *text = PQresultErrorField(result_pg(result), code);
	return text ? text : "";
}

const char *result_sqlstate(const struct result *result)
{
	return field(result, PG_DIAG_SQLSTATE);
}

const char *result_message(const struct result *result)
{
	return field(result, PG_DIAG_MESSAGE_PRIMARY);
}

const char *result_detail(const struct result *result)
{
	return field(result, PG_DIAG_MESSAGE_DETAIL);
}

const char *result_hint(const struct result *result)
{
	return field(result, PG_DIAG_MESSAGE_HINT);
}

struct result *result_keep(struct result **from)
{
	struct result *taken = *from;
	*from = NULL;
	return taken;
}

void result_free(struct result *result)
{
	PQclear(result_pg(result));
}
