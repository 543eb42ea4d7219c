// Writes messages as RFC 5322, 2047 (words of headers), 2045 (encodings) and 2046 (attachments) have it.
#include "model/outbox/message.h"
#include "db/text.h"

#include <ctype.h>
#include <openssl/sha.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	LINE_MOST = 76,     // of a body
	WORD_BYTES = 42,    // of text in an encoded word, which then has 56 + 12 letters of at most 75
	ADDRESS_MOST = 254, // RFC 5321
	LOCAL_MOST = 64,
	SUBJECT_LITERAL = 60, // a subject up to so long stands on its line as it is
	LINE_BYTES = 57,      // that make a line of 76 letters in base64
	IDENTITY = 16,        // bytes of a hash that name a message
};

// What may stand in a local part and in a domain besides letters, digits and single dots (RFC 5322, atext).
static const char LOCAL_SIGNS[] = "!#$%&'*+-/=?^_`{|}~", DOMAIN_SIGNS[] = "-";

static bool atoms_are_right(const char *text, size_t length, const char *signs)
{
	bool was_dot = true;
	for (size_t i = 0; i < length; i++) {
		unsigned char c = (unsigned char)text[i];
		bool is_dot = c == '.';
		if ((is_dot && was_dot) || (!is_dot && !(c < 0x80 && isalnum(c)) && !(c && strchr(signs, c))))
			return false;
		was_dot = is_dot;
	}
	return length > 0 && !was_dot;
}

static bool address_is_right(const char *address, size_t length)
{
	const char *at = memchr(address, '@', length);
	size_t local = at ? (size_t)(at - address) : 0;
	return at && length <= ADDRESS_MOST && local <= LOCAL_MOST && *address != '-' &&
	       atoms_are_right(address, local, LOCAL_SIGNS) &&
	       atoms_are_right(at + 1, length - local - 1, DOMAIN_SIGNS);
}

bool message_address_is_right(const char *address)
{
	return address_is_right(address, strlen(address));
}

bool message_from_is_right(const char *from, const char **address, size_t *length)
{
	const char *open = strchr(from, '<'), *start = open ? open + 1 : from;
	size_t size = open ? strcspn(start, ">") : strlen(start);
	uint32_t point;
	int bytes;
	for (const char *at = from; *at; at += bytes) {
		bytes = utf8_decode((const unsigned char *)at, &point);
		if (bytes == 0 || utf8_is_harmful(point))
			return false;
	}
	if (address)
		*address = start;
	if (length)
		*length = size;
	return address_is_right(start, size) && (!open || strcmp(start + size, ">") == 0);
}

bool message_unsubscribe_is_right(const char *unsubscribe)
{
	if (strncmp(unsubscribe, "mailto:", 7) != 0 && strncmp(unsubscribe, "https://", 8) != 0)
		return false;
	for (const char *c = unsubscribe; *c; c++)
		if (!isgraph((unsigned char)*c) || strchr("<>\",", *c))
			return false;
	return strlen(unsubscribe) < 400;
}

static bool is_literal(const char *text, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if ((unsigned char)text[i] < ' ' || (unsigned char)text[i] > '~')
			return false;
	return length <= SUBJECT_LITERAL && !memmem(text, length, "=?", 2);
}

static void base64_write(FILE *out, const char *bytes, size_t length)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	for (size_t i = 0; i < length; i += 3) {
		unsigned chunk = (unsigned)(unsigned char)bytes[i] << 16;
		chunk |= i + 1 < length ? (unsigned)(unsigned char)bytes[i + 1] << 8 : 0;
		chunk |= i + 2 < length ? (unsigned)(unsigned char)bytes[i + 2] : 0;
		fputc(digits[chunk >> 18], out);
		fputc(digits[chunk >> 12 & 63], out);
		fputc(i + 1 < length ? digits[chunk >> 6 & 63] : '=', out);
		fputc(i + 2 < length ? digits[chunk & 63] : '=', out);
	}
}

// Encoded words, each of whole characters, one a line. What cannot be seen, line ends above all, becomes a
// space.
static void words_write(FILE *out, const char *text, size_t length)
{
	char word[WORD_BYTES];
	size_t used = 0;
	bool is_first = true;
	for (const char *at = text; at <= text + length;) {
		uint32_t point = ' ';
		int bytes = at < text + length ? utf8_decode((const unsigned char *)at, &point) : 0;
		bool is_seen = bytes > 0 && !utf8_is_harmful(point);
		if (used > 0 && (at == text + length || used + (size_t)bytes > sizeof word)) {
			fputs(is_first ? "=?UTF-8?B?" : "\n =?UTF-8?B?", out);
			base64_write(out, word, used);
			fputs("?=", out);
			is_first = false;
			used = 0;
		}
		if (is_seen)
			memcpy(word + used, at, (size_t)bytes);
		else
			word[used] = ' ';
		used += is_seen ? (size_t)bytes : 1;
		at += bytes > 0 ? bytes : 1;
	}
}

static void text_write(FILE *out, const char *text, size_t length)
{
	if (is_literal(text, length))
		fwrite(text, 1, length, out);
	else
		words_write(out, text, length);
}

// The name of a `from` in quotes where it is plain, as an encoded word where it is not.
static void from_write(FILE *out, const char *from)
{
	const char *address;
	size_t length;
	message_from_is_right(from, &address, &length);
	size_t name = address > from ? (size_t)(address - 1 - from) : 0;
	while (name > 0 && strchr(" \"", from[name - 1]))
		name--;
	while (name > 0 && strchr(" \"", *from)) {
		from++;
		name--;
	}
	fputs("From: ", out);
	if (is_literal(from, name) && !memchr(from, '"', name) && !memchr(from, '\\', name))
		fprintf(out, name > 0 ? "\"%.*s\"" : "%.*s", (int)name, from);
	else
		words_write(out, from, name);
	fprintf(out, "%s<%.*s>\n", name > 0 ? "\n " : "", (int)length, address);
}

static void hash_write(FILE *out, const char *identity)
{
	unsigned char hash[SHA256_DIGEST_LENGTH];
	SHA256((const unsigned char *)identity, strlen(identity), hash);
	for (int i = 0; i < IDENTITY; i++)
		fprintf(out, "%02x", hash[i]);
}

// The same identity has the same name at every sending, so that whoever gets it twice can tell.
static void identity_write(FILE *out, const char *identity, const char *from)
{
	const char *address;
	size_t length;
	message_from_is_right(from, &address, &length);
	const char *domain = memchr(address, '@', length);
	fputs("Message-ID: <", out);
	hash_write(out, identity);
	fprintf(out, "%.*s>\n", (int)(address + length - domain), domain);
}

static bool language_is_right(const char *language)
{
	return strlen(language) == 2 && islower((unsigned char)language[0]) &&
	       islower((unsigned char)language[1]);
}

static void headers_write(FILE *out, const struct message *message)
{
	from_write(out, message->from);
	fprintf(out, "To: <%s>\nSubject: ", message->to);
	text_write(out, message->subject, strlen(message->subject));
	fprintf(out, "\nDate: %s\n", message->date);
	identity_write(out, message->identity, message->from);
	if (message_unsubscribe_is_right(message->unsubscribe))
		fprintf(out, "List-Unsubscribe:\n <%s>\n", message->unsubscribe);
	if (message->is_automatic)
		fputs("Auto-Submitted: auto-generated\n", out);
	if (language_is_right(message->language))
		fprintf(out, "Content-Language: %s\n", message->language);
	fputs("MIME-Version: 1.0\n", out);
}

static const char PLAIN_TEXT[] =
	"Content-Type: text/plain; charset=UTF-8\nContent-Transfer-Encoding: quoted-printable\n\n";

// How the byte is written on a line of which `used` letters stand there. What a mail system might change is
// encoded: blanks at the end of a line, a dot that begins one, the word From there.
static bool is_plain(const char *at, int used)
{
	unsigned char c = (unsigned char)*at;
	if (c == ' ' || c == '\t')
		return at[1] != '\n' && at[1] != '\0';
	if (used == 0 && (c == '.' || strncmp(at, "From ", 5) == 0))
		return false;
	return c > ' ' && c <= '~' && c != '=';
}

static void body_write(FILE *out, const char *body)
{
	int used = 0;
	for (const char *at = body; *at; at++) {
		bool plain = is_plain(at, used);
		int room =
			at[1] == '\n' || at[1] == '\0' ? LINE_MOST : LINE_MOST - 1; // for the = that goes on
		if (*at == '\n') {
			fputc('\n', out);
			used = 0;
			continue;
		}
		if (*at == '\r')
			continue;
		if (used + (plain ? 1 : 3) > room) {
			fputs("=\n", out);
			used = 0;
			plain = is_plain(at, used);
		}
		used += fprintf(out, plain ? "%c" : "=%02X", (unsigned char)*at);
	}
	if (used > 0)
		fputc('\n', out);
}

// What parts have between them: =_ stands in no line of quoted-printable or base64.
static void border_write(FILE *out, const struct message *message, const char *before, const char *after)
{
	fprintf(out, "%s=_", before);
	hash_write(out, message->identity);
	fputs(after, out);
}

static const char *attachment_type(const char *name)
{
	static const char *const types[][2] = {
		{".html", "text/html"}, {".csv", "text/csv"}, {".json", "application/json"}};
	const char *ending = strrchr(name, '.');
	for (size_t i = 0; ending && i < sizeof types / sizeof *types; i++)
		if (strcmp(ending, types[i][0]) == 0)
			return types[i][1];
	return "text/plain";
}

// A name that could end its quotes or its line is left out, letter by letter.
static void name_write(FILE *out, const char *name)
{
	for (; *name; name++)
		if (isalnum((unsigned char)*name) || strchr("-_.", *name))
			fputc(*name, out);
}

static void attachment_write(FILE *out, const struct message *message)
{
	const char *text = message->attachment;
	fprintf(out, "Content-Type: %s; charset=UTF-8\nContent-Transfer-Encoding: base64\n"
		     "Content-Disposition: attachment; filename=\"",
		attachment_type(message->attachment_name));
	name_write(out, message->attachment_name);
	fputs("\"\n\n", out);
	for (size_t at = 0, length = strlen(text); at < length; at += LINE_BYTES) {
		base64_write(out, text + at, length - at < LINE_BYTES ? length - at : LINE_BYTES);
		fputc('\n', out);
	}
}

static void parts_write(FILE *out, const struct message *message)
{
	border_write(out, message, "Content-Type: multipart/mixed;\n boundary=\"", "\"\n\n");
	border_write(out, message, "--", "\n");
	fputs(PLAIN_TEXT, out);
	body_write(out, message->body);
	border_write(out, message, "\n--", "\n");
	attachment_write(out, message);
	border_write(out, message, "\n--", "--\n");
}

static void content_write(FILE *out, const struct message *message)
{
	if (message->attachment) {
		parts_write(out, message);
		return;
	}
	fputs(PLAIN_TEXT, out);
	body_write(out, message->body);
}

char *message_write(const struct message *message, size_t *length)
{
	char *text = NULL;
	if (!message_address_is_right(message->to) || !message_from_is_right(message->from, NULL, NULL))
		return NULL;
	FILE *out = open_memstream(&text, length);
	if (!out)
		return NULL;
	headers_write(out, message);
	content_write(out, message);
	if (fclose(out) == 0)
		return text;
	free(text);
	return NULL;
}
