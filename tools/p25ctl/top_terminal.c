// SPDX-License-Identifier: GPL-2.0
/*
 * The terminal, as "top" has it.
 */
#include <curses.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <term.h>
#include <unistd.h>

#include "ctl.h"
#include "quote.h"
#include "report.h"
#include "top_paint.h"
#include "top_terminal.h"

static struct screen *screen;

/* See https://no-color.org; a terminal may have none as well. */
static bool wants_colours(void)
{
	const char *no = getenv("NO_COLOR");

	return has_colors() && !(no && *no);
}

static void set_up(void)
{
	cbreak();
	noecho();
	nonl();
	keypad(stdscr, TRUE);
	nodelay(stdscr, TRUE);
	curs_set(0);
	set_escdelay(50);
	if (wants_colours() && start_color() != ERR &&
	    use_default_colors() != ERR)
		top_paint_colours();
}

static const char *type(void)
{
	const char *term = getenv("TERM");

	return term ? term : "";
}

/* top_terminal_check - is there a terminal, and one that will do? If not, report it */
int top_terminal_check(const struct ctl *c)
{
	bool moves;
	int err;

	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO))
		return report_misuse(c,
				     "\"top\" needs a terminal; use \"show\", \"senders\" or \"monitor\" in its place");
	if (setupterm(NULL, STDOUT_FILENO, &err) == ERR)
		return report_misuse(c,
				     "unknown terminal type %s: set TERM to another one; Debian's package ncurses-term has the rare ones",
				     quote(type()));
	moves = tigetstr("cup");
	del_curterm(cur_term);
	if (!moves)
		return report_misuse(c,
				     "terminal type %s cannot move its cursor; use \"show\", \"senders\" or \"monitor\" in its place",
				     quote(type()));
	return DONE;
}

/*
 * top_terminal_open - take it
 *
 * From now on nothing may be printed, until it is closed.
 */
int top_terminal_open(const struct ctl *c)
{
	setlocale(LC_CTYPE, "");
	screen = newterm(NULL, stdout, stdin);
	if (!screen)
		return report_failure(c, "the terminal cannot be used by ncurses");
	set_up();
	return DONE;
}

/* top_terminal_fit - make the screen as large as the terminal is now */
void top_terminal_fit(void)
{
	struct winsize size;

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) || !size.ws_row ||
	    !size.ws_col || !is_term_resized(size.ws_row, size.ws_col))
		return;
	resizeterm(size.ws_row, size.ws_col);
	/* What it has made of what was there, nobody knows. */
	clearok(stdscr, TRUE);
}

/* top_terminal_key - the next key that was pressed; ERR: none */
int top_terminal_key(void)
{
	return getch();
}

/* top_terminal_close - give it back as it was, if it was taken */
void top_terminal_close(void)
{
	if (!screen)
		return;
	endwin();
	delscreen(screen);
	screen = NULL;
}
