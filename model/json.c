// JSON written piece by piece: what the database is to know of a document.
#include "model/json.h"

#include <inttypes.h>

bool json_open(struct json *json)
{
	*json = (struct json){0};
	json->out = open_memstream(&json->text, &json->length);
	return json->out != NULL;
}

bool json_close(struct json *json)
{
	bool is_whole = !ferror(json->out);
	return fclose(json->out) == 0 && is_whole;
}

void json_string(struct json *json, const char *text)
{
	fputc('"', json->out);
	for (const unsigned char *at = (const unsigned char *)text; *at; at++) {
		if (*at == '"' || *at == '\\')
			fprintf(json->out, "\\%c", *at);
		else if (*at < ' ')
			fprintf(json->out, "\\u%04x", *at);
		else
			fputc(*at, json->out);
	}
	fputc('"', json->out);
}

void json_setting(struct json *json, bool is_first, const char *name, const char *text)
{
	fputs(is_first ? "{" : ", ", json->out);
	json_string(json, name);
	fputs(": ", json->out);
	json_string(json, text);
}

void json_list(struct json *json, bool is_first, const char *name)
{
	fputs(is_first ? "{" : ", ", json->out);
	json_string(json, name);
	fputs(": [", json->out);
}

void json_number(struct json *json, const char *name, int64_t number)
{
	fprintf(json->out, ", \"%s\": %" PRId64, name, number);
}
