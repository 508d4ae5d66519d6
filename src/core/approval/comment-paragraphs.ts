// The Markdown of a comment → its paragraphs of plain text, and whether its author must have written them there.

/** `unclear`: behind what may be a quoted mail, an open block of code or an open tag. */
export interface CommentParagraph {
  readonly lines: readonly string[];
  readonly place: 'own' | 'unclear';
}

/** What follows backticks holds none: that would be code within a line. */
const FENCE = /^(`{3,}(?=[^`]*$)|~{3,})/;
/** A fence within a list closes with the list, which only a whole Markdown parser tells. */
const FENCE_WITHIN = /^ {0,3}(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)*(?:`{3,}(?=[^`]*$)|~{3,})/;
/** HTML, mathematics (`$$`, Gitea's `\[`), GitLab's block quote: what follows may be shown in any way or not at all. */
const UNREADABLE = /^ {0,3}(?:<[A-Za-z!?/]|>>>+[ \t]*$|(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)*(?:\$\$|\\\[))/;
/** A tag within a paragraph may stay open behind it: forges hold their own HTML together (`x <details>`). */
const TAG = /<[A-Za-z!?/]/;
/** Front matter, where it begins the comment (docs.gitlab.com, "GitLab Flavored Markdown"). */
const FRONT_MATTER = /^(?:---|\+\+\+|;;;)[ \t]*$/;
/** CommonMark 0.31, 2.1; a line of other spaces continues the quote above it. */
const BLANK = /^[ \t]*$/;

/**
 * Lines between blank ones, in order; without fenced code, and without what stands behind HTML and its like. An open fence runs to
 * the end (CommonMark 0.31, 4.5).
 */
export function paragraphsOf(text: string): readonly CommentParagraph[] {
  const found: CommentParagraph[] = [];
  let lines: string[] = [];
  let fence: string | null = null;
  let place: CommentParagraph['place'] = 'own';
  const isMail = MAIL_FOOTER.test(text);
  const end = (): void => {
    if (lines.length === 0) return;
    if (quotesMail(lines)) place = 'unclear';
    found.push({ lines, place });
    if (isMail || lines.some((line) => TAG.test(line))) place = 'unclear';
    lines = [];
  };
  const all = text.split(/\r\n|\n|\r/);
  if (FRONT_MATTER.test(all.find((line) => !BLANK.test(line)) ?? '')) return [];
  for (const line of all) {
    if (fence !== null) {
      if (closes(line, fence)) fence = null;
      continue;
    }
    const opener = FENCE.exec(line)?.[1];
    const isWithin = opener === undefined && FENCE_WITHIN.test(line);
    const isUnreadable = UNREADABLE.test(line);
    // Not each of them ends a paragraph: then it belongs to the one above.
    if ((isWithin || isUnreadable) && lines.length > 0) lines.push(line);
    if (isUnreadable) break;
    if (isWithin || opener !== undefined) {
      end();
      if (isWithin) place = 'unclear';
      else fence = opener ?? null;
    } else if (BLANK.test(line)) end();
    else lines.push(line);
  }
  end();
  return found;
}

const closes = (line: string, fence: string): boolean => {
  const bare = /^ {0,3}(\S+)[ \t]*$/.exec(line)?.[1] ?? '';
  return bare.startsWith(fence) && bare === (fence[0] ?? '').repeat(bare.length);
};

/** What forges put below the mails that they send: of an answer to one, only the first paragraph is surely its author's. */
const MAIL_FOOTER = /Reply to this email directly/i;
/** "-----Original Message-----" in any language, and the line that Outlook draws. */
const MAIL_RULE = /^(?:-{4,}\s*\p{L}|_{8,}\s*$)/u;
/** "From: Ana", "**Sent:** Friday", "主旨： Re" */
const MAIL_HEADER = /^[*_]{0,2}\p{L}[\p{L} .-]{0,30}[:：][*_]{0,2}\s*\S/u;
const HEADERS = 3;

/** Programs quote the mail that is answered below a line that names its author or its time, or its headers; not all of them with ">". */
const quotesMail = (lines: readonly string[]): boolean => {
  const whole = lines.join(' ');
  return (
    lines.some((line) => MAIL_RULE.test(line)) ||
    lines.filter((line) => MAIL_HEADER.test(line)).length >= HEADERS ||
    (/[:：]\s*$/.test(whole) && (whole.includes('@') || (/\d{4}/.test(whole) && /\d[:.h]\d{2}/.test(whole))))
  );
};
