// PostgreSQL's binary formats: parameters and columns of parameters on their way out, arrays on their way
// back.
#include "db/libpq.h"
#include "db/wire.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

// Type numbers are fixed in PostgreSQL's catalogue. width 0: as long as the value is.
static const struct {
	Oid element, array;
	int width;
} TYPES[] = {
	[WIRE_BOOL] = {16, 1000, 1},
	[WIRE_INT2] = {21, 1005, 2},
	[WIRE_INT4] = {23, 1007, 4},
	[WIRE_INT8] = {20, 1016, 8},
	[WIRE_DATE] = {1082, 1182, 4},
	[WIRE_MOMENT] = {1184, 1185, 8},
	[WIRE_TEXT] = {25, 1009, 0},
	[WIRE_BYTEA] = {17, 1001, 0},
	[WIRE_UUID] = {2950, 2951, 0},
};

void wire_bytes_add(struct wire_bytes *bytes, const void *data, size_t length)
{
	if (bytes->failed)
		return;
	if (bytes->length + length > bytes->size) {
		size_t size = (bytes->length + length) * 2;
		char *grown = realloc(bytes->at, size);
		if (!grown) {
			bytes->failed = true;
			return;
		}
		bytes->at = grown;
		bytes->size = size;
	}
	if (length)
		memcpy(bytes->at + bytes->length, data, length);
	bytes->length += length;
}

static void store_int(char *at, int64_t value, int width)
{
	for (int i = 0; i < width; i++)
		at[i] = (char)((uint64_t)value >> 8 * (width - 1 - i));
}

void wire_bytes_add_int(struct wire_bytes *bytes, int64_t value, int width)
{
	char big[8];
	store_int(big, value, width);
	wire_bytes_add(bytes, big, (size_t)width);
}

void wire_bytes_clear(struct wire_bytes *bytes)
{
	bytes->length = 0;
	bytes->failed = false;
}

void wire_bytes_free(struct wire_bytes *bytes)
{
	free(bytes->at);
	*bytes = (struct wire_bytes){0};
}

// An array begins with dimensions, whether it has NULLs, type, length and number of the first element; an
// empty one ends after the type. Each element follows its length in bytes, -1 for NULL.
enum { ARRAY_HEAD = 20, ARRAY_EMPTY_HEAD = 12 };

static void array_grow(struct parameter *array)
{
	assert(array->is_array || array->data.failed);
	array->count++;
}

void array_int(struct parameter *array, int64_t value)
{
	int width = TYPES[array->type].width;
	assert(width > 0 || array->data.failed);
	array_grow(array);
	wire_bytes_add_int(&array->data, width, 4);
	wire_bytes_add_int(&array->data, value, width);
}

void array_bytes(struct parameter *array, const void *data, size_t length)
{
	array_grow(array);
	wire_bytes_add_int(&array->data, (int64_t)length, 4);
	wire_bytes_add(&array->data, data, length);
}

void array_text(struct parameter *array, const char *text)
{
	if (text)
		array_bytes(array, text, strlen(text));
	else
		array_null(array);
}

void array_null(struct parameter *array)
{
	array_grow(array);
	array->has_null = true;
	wire_bytes_add_int(&array->data, -1, 4);
}

int array_count(const struct parameter *array)
{
	return array->count;
}

void query_init(struct query *query, const char *name, const char *sql)
{
	*query = (struct query){.name = name, .sql = sql};
}

void query_clear(struct query *query)
{
	query->count = 0;
	query->failed = false;
}

void query_free(struct query *query)
{
	for (int i = 0; i < query->size && query->parameters[i]; i++) {
		wire_bytes_free(&query->parameters[i]->data);
		free(query->parameters[i]);
	}
	free(query->parameters);
	query_init(query, query->name, query->sql);
}

static bool parameters_grow(struct query *query)
{
	if (query->count < query->size)
		return true;
	int size = query->size ? 2 * query->size : 8;
	struct parameter **grown = realloc(query->parameters, (size_t)size * sizeof *grown);
	if (!grown)
		return false;
	memset(grown + query->size, 0, (size_t)(size - query->size) * sizeof *grown);
	query->parameters = grown;
	query->size = size;
	return true;
}

// Where there is no memory, what is added goes nowhere, and sending the query tells.
static struct parameter *parameter_add(struct query *query, enum wire_type type, bool is_array)
{
	static struct parameter nowhere = {.data = {.failed = true}};
	if (!parameters_grow(query)) {
		query->failed = true;
		return &nowhere;
	}
	struct parameter **place = &query->parameters[query->count];
	if (!*place && !(*place = calloc(1, sizeof **place))) {
		query->failed = true;
		return &nowhere;
	}
	struct wire_bytes data = (*place)->data;
	wire_bytes_clear(&data);
	**place = (struct parameter){.type = type, .is_array = is_array, .data = data};
	query->count++;
	return *place;
}

void query_int(struct query *query, enum wire_type type, int64_t value)
{
	assert(TYPES[type].width > 0);
	wire_bytes_add_int(&parameter_add(query, type, false)->data, value, TYPES[type].width);
}

void query_bytes(struct query *query, enum wire_type type, const void *data, size_t length)
{
	wire_bytes_add(&parameter_add(query, type, false)->data, data, length);
}

void query_text(struct query *query, const char *text)
{
	if (text)
		query_bytes(query, WIRE_TEXT, text, strlen(text));
	else
		query_null(query, WIRE_TEXT);
}

void query_null(struct query *query, enum wire_type type)
{
	parameter_add(query, type, false)->is_null = true;
}

struct parameter *query_array(struct query *query, enum wire_type type)
{
	struct parameter *array = parameter_add(query, type, true);
	wire_bytes_add(&array->data, (const char[ARRAY_HEAD]){0}, ARRAY_HEAD);
	return array;
}

Oid parameter_type(const struct parameter *parameter)
{
	return parameter->is_array ? TYPES[parameter->type].array : TYPES[parameter->type].element;
}

const char *parameter_value(struct parameter *parameter, int *length)
{
	struct wire_bytes *data = &parameter->data;
	*length = (int)data->length;
	if (parameter->is_null)
		return NULL;
	if (!parameter->is_array)
		return data->at ? data->at : "";
	const int64_t head[] = {parameter->count > 0, parameter->has_null, TYPES[parameter->type].element,
		parameter->count, 1};
	for (int i = 0; i < ARRAY_HEAD / 4; i++)
		store_int(data->at + 4 * i, head[i], 4);
	if (parameter->count == 0)
		*length = ARRAY_EMPTY_HEAD;
	return data->at;
}

const void *result_bytes(const struct result *result, int row, int column)
{
	return result_is_null(result, row, column) ? NULL : result_text(result, row, column);
}

static int64_t take_int(struct elements *elements)
{
	int64_t value = 0;
	if (elements->end - elements->at < 4)
		return -1;
	for (int i = 0; i < 4; i++)
		value = value << 8 | (unsigned char)*elements->at++;
	return (int32_t)value;
}

struct elements result_elements(const struct result *result, int row, int column)
{
	struct elements elements = {0};
	int64_t left = 1;
	if (result_is_null(result, row, column))
		return elements;
	elements.at = result_text(result, row, column);
	elements.end = elements.at + result_length(result, row, column);
	int64_t dimensions = take_int(&elements);
	take_int(&elements);
	take_int(&elements);
	for (int64_t i = 0; i < dimensions; i++) {
		left *= take_int(&elements);
		take_int(&elements);
	}
	elements.left = dimensions > 0 && left > 0 ? (int)left : 0;
	return elements;
}

bool elements_next(struct elements *elements, const char **data, size_t *length)
{
	*data = NULL;
	*length = 0;
	if (elements->left <= 0)
		return false;
	elements->left--;
	int64_t size = take_int(elements);
	if (size < 0 || size > elements->end - elements->at)
		return true;
	*data = elements->at;
	*length = (size_t)size;
	elements->at += size;
	return true;
}

bool elements_next_int(struct elements *elements, int64_t *value)
{
	const char *data;
	size_t length;
	if (!elements_next(elements, &data, &length))
		return false;
	*value = data ? big_endian_int(data, length) : 0;
	return true;
}
