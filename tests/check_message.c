// Messages as mail systems take them, and the command that takes them: nothing in a name or text becomes a
// header line or a shell's business, and how the command ends says what became of the message.
#include "model/outbox/mail_command.h"
#include "model/outbox/message.h"

#include <check.h>
#include <openssl/evp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct message plain = {
	.from = "Loyalty Club <club@example.org>",
	.to = "ayse@example.net",
	.subject = "25 points for you",
	.body = "Hello Ada,\n\n25 points are yours.\n",
	.date = "Sun, 22 Nov 2026 15:37:00 +0000",
	.identity = "1 case 1/2",
	.language = "en",
	.unsubscribe = "",
};

static char *written(const struct message *message)
{
	size_t length;
	char *text = message_write(message, &length);
	ck_assert_ptr_nonnull(text);
	ck_assert_uint_eq(length, strlen(text));
	return text;
}

START_TEST(a_plain_message_is_plain)
{
	char *text = written(&plain);
	ck_assert_str_eq(text, "From: \"Loyalty Club\"\n <club@example.org>\n"
			       "To: <ayse@example.net>\n"
			       "Subject: 25 points for you\n"
			       "Date: Sun, 22 Nov 2026 15:37:00 +0000\n"
			       "Message-ID: <16ec72ade0e48293055019f64d7f746a@example.org>\n"
			       "Content-Language: en\n"
			       "MIME-Version: 1.0\n"
			       "Content-Type: text/plain; charset=UTF-8\n"
			       "Content-Transfer-Encoding: quoted-printable\n"
			       "\n"
			       "Hello Ada,\n\n25 points are yours.\n");
	free(text);
}
END_TEST

// A file goes as it is, byte for byte, beside the words; its name ends no quotes.
START_TEST(a_file_is_attached)
{
	char table[400], *text;
	struct message message = plain;
	for (size_t i = 0; i < sizeof table - 1; i++)
		table[i] = (char)(i % 255 + 1);
	table[sizeof table - 1] = '\0';
	message.attachment = table;
	message.attachment_name = "cases-\"2026\n-11-22.csv";
	text = written(&message);
	const char *head = strstr(text, "MIME-Version: 1.0\nContent-Type: multipart/mixed;\n boundary=\"=_"),
		   *file = strstr(text, "\nContent-Type: text/csv; charset=UTF-8\nContent-Transfer-Encoding: "
					"base64\nContent-Disposition: attachment; "
					"filename=\"cases-2026-11-22.csv\"\n\n");
	ck_assert_ptr_nonnull(head);
	ck_assert_ptr_nonnull(file);
	ck_assert_ptr_nonnull(strstr(text, "\nContent-Transfer-Encoding: quoted-printable\n\nHello Ada,\n"));
	unsigned char back[600];
	size_t length = 0;
	for (const char *line = strstr(file, "\n\n") + 2; *line != '\n'; line = strchr(line, '\n') + 1) {
		size_t letters = strcspn(line, "\n");
		ck_assert_uint_le(letters, 76);
		length += (size_t)EVP_DecodeBlock(back + length, (const unsigned char *)line, (int)letters);
	}
	ck_assert_mem_eq(back, table, sizeof table - 1);
	ck_assert_uint_le(length - (sizeof table - 1), 2); // what fills the last four letters
	ck_assert_str_eq(text + strlen(text) - 3, "--\n");
	free(text);
}
END_TEST

START_TEST(promotions_can_be_left)
{
	struct message message = plain;
	message.unsubscribe = "mailto:stop@example.org?subject=stop";
	message.is_automatic = true;
	char *text = written(&message);
	ck_assert_ptr_nonnull(
		strstr(text, "\nList-Unsubscribe:\n <mailto:stop@example.org?subject=stop>\nAuto-Submitted: "
			     "auto-generated\n"));
	free(text);
}
END_TEST

static const char *const hostile[] = {
	"x\r\nBcc: evil@example.org",
	"x\nBcc: evil@example.org\n\nbody",
	"x\rBcc: evil@example.org",
	"\xe2\x80\xa8"
	"Bcc: evil@example.org",
	"=?UTF-8?Q?x=0ABcc:_evil@example.org?=",
	"x\x0b\x0c\x85\nBcc: evil@example.org",
	"\xff\xfe\nBcc: evil",
};

// Every line of the head is one we know, and none is long.
static void head_check(const char *text)
{
	static const char *const known[] = {"From: ", "To: ", "Subject: ", "Date: ", "Message-ID: ",
		"Content-", "MIME-Version: ", " ", "Auto-Submitted: ", "List-Unsubscribe:"};
	const char *end = strstr(text, "\n\n");
	ck_assert_ptr_nonnull(end);
	for (const char *line = text; line <= end; line = strchr(line, '\n') + 1) {
		bool is_known = false;
		for (size_t i = 0; i < sizeof known / sizeof *known; i++)
			is_known |= strncmp(line, known[i], strlen(known[i])) == 0;
		ck_assert_msg(is_known && strcspn(line, "\n") <= 78, "a line of the head: %.*s",
			(int)strcspn(line, "\n"), line);
		for (const char *c = line; *c != '\n'; c++)
			ck_assert(*c >= ' ' && *c <= '~');
	}
}

START_TEST(no_text_adds_a_header)
{
	struct message message = plain;
	message.subject = hostile[_i];
	message.language = hostile[_i];
	message.unsubscribe = hostile[_i];
	char *text = written(&message);
	head_check(text);
	ck_assert_ptr_null(strstr(text, "\nBcc"));
	ck_assert_ptr_null(strstr(text, "List-Unsubscribe"));
	ck_assert_ptr_null(strstr(text, "Content-Language"));
	free(text);
}
END_TEST

static void decode(const char *word, char *out)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	unsigned bits = 0, count = 0;
	for (; *word != '?'; word++) {
		if (*word == '=')
			continue;
		bits = bits << 6 | (unsigned)(strchr(digits, *word) - digits);
		if (++count % 4 != 1)
			*out++ = (char)(bits >> (6 - 2 * ((count - 1) % 4)));
	}
	*out = '\0';
}

START_TEST(a_subject_comes_back_as_it_was)
{
	char subject[300] = "", got[400] = "";
	struct message message = plain;
	for (int i = 0; i < 24; i++)
		strcat(subject, "Ayşe \xf0\x9f\x8e\x82 ");
	message.subject = subject;
	char *text = written(&message);
	head_check(text);
	for (const char *word = strstr(text, "=?UTF-8?B?"); word; word = strstr(word + 1, "=?UTF-8?B?"))
		decode(word + strlen("=?UTF-8?B?"), got + strlen(got));
	ck_assert_str_eq(got, subject);
	free(text);
}
END_TEST

START_TEST(a_sender_with_a_name_in_any_script)
{
	struct message message = plain;
	message.from = "Sadakat Kulübü \"X\" <club@example.org>";
	char *text = written(&message);
	head_check(text);
	ck_assert_ptr_nonnull(strstr(text, "From: =?UTF-8?B?"));
	ck_assert_ptr_nonnull(strstr(text, "?=\n <club@example.org>\n"));
	free(text);
	message.from = "club@example.org";
	text = written(&message);
	ck_assert_ptr_nonnull(strstr(text, "From: <club@example.org>\n"));
	free(text);
}
END_TEST

static const struct {
	const char *body, *encoded;
} bodies[] = {
	{"a=b", "a=3Db\n"},
	{"ğ", "=C4=9F\n"},
	{".\n..\n", "=2E\n=2E.\n"},
	{"From here\nand From", "=46rom here\nand From\n"},
	{"end \t\nend ", "end =09\nend=20\n"},
	{"a\r\nb", "a\nb\n"},
	{"\033", "=1B\n"},
	{"", ""},
};

START_TEST(a_body_survives_any_mail_system)
{
	struct message message = plain;
	message.body = bodies[_i].body;
	char *text = written(&message);
	ck_assert_str_eq(strstr(text, "\n\n") + 2, bodies[_i].encoded);
	free(text);
}
END_TEST

START_TEST(long_lines_are_folded_and_come_back)
{
	char body[1000], got[1000] = "", *to = got;
	struct message message = plain;
	for (int i = 0; i < 900; i++)
		body[i] = i % 7 == 0 ? '=' : i % 11 == 0 ? '.' : i % 13 == 0 ? ' ' : 'a';
	strcpy(body + 900, "!");
	message.body = body;
	char *text = written(&message);
	for (const char *c = strstr(text, "\n\n") + 2; *c; c++) {
		unsigned code;
		if (*c == '=' && c[1] == '\n') {
			c++;
		} else if (*c == '=' && sscanf(c + 1, "%2x", &code) == 1) {
			*to++ = (char)code;
			c += 2;
		} else if (*c != '\n') {
			*to++ = *c;
		}
	}
	ck_assert_str_eq(got, body);
	for (const char *line = strstr(text, "\n\n") + 2; *line; line = strchr(line, '\n') + 1)
		ck_assert_uint_le(strcspn(line, "\n"), 76);
	free(text);
}
END_TEST

static const char *const good_addresses[] = {
	"a@b", "ayse.yilmaz+x@mail.example.org", "o'neill@example.org", "a@b-c.example"};
static const char *const bad_addresses[] = {"", "a", "@b", "a@", "a@b@c", "a b@c", "a@b,c@d", "a@b c@d",
	"a@b\nBcc: c@d", "<a@b>", "\"a\"@b", "a@b>", "ayşe@example.org", "-f@b", ".a@b", "a..b@c", "a@b.",
	"a@[1.2.3.4]", "a(b)@c", "a;b@c", "a\t@b",
	"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa@b"};

START_TEST(good_addresses_are_taken)
{
	ck_assert(message_address_is_right(good_addresses[_i]));
}
END_TEST

START_TEST(bad_addresses_are_not_written_to)
{
	struct message message = plain;
	size_t length;
	ck_assert(!message_address_is_right(bad_addresses[_i]));
	message.to = bad_addresses[_i];
	ck_assert_ptr_null(message_write(&message, &length));
}
END_TEST

START_TEST(senders_are_checked)
{
	ck_assert(message_from_is_right("Club <a@b.c>", NULL, NULL));
	ck_assert(!message_from_is_right("Club", NULL, NULL));
	ck_assert(!message_from_is_right("", NULL, NULL));
	ck_assert(!message_from_is_right("Club <a@b.c", NULL, NULL));
	ck_assert(!message_from_is_right("Club <a@b.c> x", NULL, NULL));
	ck_assert(!message_from_is_right("Club\nBcc: x <a@b.c>", NULL, NULL));
}
END_TEST

// --- The command.

static const struct {
	const char *text;
	int count;
	const char *last;
} commands[] = {
	{"/usr/sbin/sendmail -t -i", 3, "-i"},
	{"  one\ttwo  ", 2, "two"},
	{"a \"b c\" 'd \"e'", 3, "d \"e"},
	{"a x'y z'\"w\"", 2, "xy zw"},
	{"a ''", 2, ""},
	{"a $(reboot) ; | > `x` \\n *", 8, "*"},
};

START_TEST(a_command_is_words_and_no_shell)
{
	struct mail_command command;
	ck_assert(mail_command_init(&command, commands[_i].text));
	int count = 0;
	while (command.words[count])
		count++;
	ck_assert_int_eq(count, commands[_i].count);
	ck_assert_str_eq(command.words[count - 1], commands[_i].last);
	mail_command_free(&command);
}
END_TEST

START_TEST(what_is_no_command_is_refused)
{
	static const char *const wrong[] = {"", "  ", "a 'b", "a b\"", "''",
		"1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 31 32 33"};
	struct mail_command command;
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		ck_assert_msg(!mail_command_init(&command, wrong[i]), "%s", wrong[i]);
		mail_command_free(&command);
	}
}
END_TEST

static const struct {
	const char *script; // of sh
	enum mail_result result;
	const char *why;
} ends[] = {
	{"cat >/dev/null", MAIL_TAKEN, ""},
	{"cat >/dev/null; exit 75", MAIL_AGAIN, "the mail command ended with status 75"},
	{"cat >/dev/null; exit 1", MAIL_AGAIN, "the mail command ended with status 1"},
	{"cat >/dev/null; echo ayse@example.net is unknown >&2; exit 67", MAIL_REFUSED,
		"the mail command ended with status 67: * is unknown"},
	{"cat >/dev/null; echo AYSE@example.net ayse@example.net; exit 65", MAIL_REFUSED,
		"the mail command ended with status 65: * *"},
	{"cat >/dev/null; exit 74", MAIL_UNCERTAIN, "the mail command ended with status 74"},
	{"cat >/dev/null; exit 76", MAIL_UNCERTAIN, "the mail command ended with status 76"},
	{"cat >/dev/null; kill -9 $$", MAIL_UNCERTAIN, "the mail command ended by signal 9"},
	{"cat >/dev/null; exec sleep 600", MAIL_UNCERTAIN, "the mail command did not end in time"},
	{"yes | head -c 1000000 >&2; cat >/dev/null; exit 75", MAIL_AGAIN,
		"the mail command ended with status 75: y y y"},
	{"exec 0<&-; exit 0", MAIL_AGAIN, "the mail command did not read the message"},
	{"test \"$(env | grep -c ^PG)\" = 0", MAIL_TAKEN, ""},
};

// A message too long for a pipe, so that a command that does not read it is seen.
START_TEST(how_a_command_ends_says_what_became_of_the_message)
{
	enum { LONG = 1 << 20 };
	char text[200], why[MAIL_WHY];
	struct mail_command command;
	bool is_read = strstr(ends[_i].script, "cat") != NULL || ends[_i].result != MAIL_TAKEN;
	char *message = calloc(1, LONG + 1);
	memset(message, 'a', LONG);
	signal(SIGPIPE, SIG_IGN);
	setenv("PGPASSWORD", "secret", 1);
	snprintf(text, sizeof text, "sh -c '%s'", ends[_i].script);
	ck_assert(mail_command_init(&command, text));
	int seconds = strstr(ends[_i].script, "sleep") ? 1 : 60;
	enum mail_result result =
		mail_command_run(&command, message, is_read ? LONG : 10, "ayse@example.net", seconds, why);
	ck_assert_msg(result == ends[_i].result, "%d: %s", (int)result, why);
	ck_assert_msg(strncmp(why, ends[_i].why, strlen(ends[_i].why)) == 0, "%s", why);
	mail_command_free(&command);
	free(message);
}
END_TEST

START_TEST(a_command_that_is_not_there_is_no_fault_of_the_message)
{
	char why[MAIL_WHY];
	struct mail_command command;
	ck_assert(mail_command_init(&command, "/nonexistent/sendmail -t"));
	ck_assert_int_eq(mail_command_run(&command, "x", 1, "a@b", 60, why), MAIL_NO_COMMAND);
	ck_assert_str_eq(why, "the mail command cannot be started: No such file or directory");
	mail_command_free(&command);
}
END_TEST

Suite *message_suite(void);

Suite *message_suite(void)
{
	Suite *suite = suite_create("message");
	TCase *texts = tcase_create("texts"), *command = tcase_create("command");
	tcase_add_test(texts, a_plain_message_is_plain);
	tcase_add_test(texts, a_file_is_attached);
	tcase_add_test(texts, promotions_can_be_left);
	tcase_add_loop_test(texts, no_text_adds_a_header, 0, sizeof hostile / sizeof *hostile);
	tcase_add_test(texts, a_subject_comes_back_as_it_was);
	tcase_add_test(texts, a_sender_with_a_name_in_any_script);
	tcase_add_loop_test(texts, a_body_survives_any_mail_system, 0, sizeof bodies / sizeof *bodies);
	tcase_add_test(texts, long_lines_are_folded_and_come_back);
	tcase_add_loop_test(
		texts, good_addresses_are_taken, 0, sizeof good_addresses / sizeof *good_addresses);
	tcase_add_loop_test(
		texts, bad_addresses_are_not_written_to, 0, sizeof bad_addresses / sizeof *bad_addresses);
	tcase_add_test(texts, senders_are_checked);
	tcase_set_timeout(command, 60);
	tcase_add_loop_test(command, a_command_is_words_and_no_shell, 0, sizeof commands / sizeof *commands);
	tcase_add_test(command, what_is_no_command_is_refused);
	tcase_add_loop_test(
		command, how_a_command_ends_says_what_became_of_the_message, 0, sizeof ends / sizeof *ends);
	tcase_add_test(command, a_command_that_is_not_there_is_no_fault_of_the_message);
	suite_add_tcase(suite, texts);
	suite_add_tcase(suite, command);
	return suite;
}
