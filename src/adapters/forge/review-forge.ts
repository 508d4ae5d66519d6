// The review forge over any forge's API: search by marker before creating, one status comment, closing.
import { AdapterError } from '../../ports/adapter-error.ts';
import type {
  CommentPage,
  IssueAddress,
  OwnIssue,
  ReviewComment,
  ReviewForge,
  ReviewIssue,
  StandingIssue,
  StatusComment,
} from '../../ports/review-forge.ts';
import type { ApiComment, ApiIssue, ApiPage, ApiRecentComment, Decoration, ForgeApi } from './forge-api.ts';

/** How far the forge's clock may be behind ours. */
const CLOCK_SLACK_MS = 24 * 3_600_000;
/** Status comments whose place is remembered; others are searched for. */
const REMEMBERED = 1000;
/** In the body of everything that the gate writes: how it knows its own where the token may not say whose it is. */
const OWN_MARK = '<!-- blastgate-';
/** Pages of all issues that are read for the gate's own newest. */
const ISSUE_PAGES = 10;
/** Pages of one issue's comments that are searched; the status comment is among the first. */
const COMMENT_PAGES = 50;

/** `limitMs`: one limit over all requests of a call, connect, headers and bodies (contract section 6: 10 s). */
export function createReviewForge(api: ForgeApi, limitMs: number): ReviewForge {
  const limited = (signal: AbortSignal): AbortSignal => AbortSignal.any([signal, AbortSignal.timeout(limitMs)]);
  const issues = singleFlight<IssueAddress>();
  const comments = inTurn();
  const places = new Map<string, string>();
  return {
    channel: api.channel,
    brand: api.brand,
    commandPrefix: api.commandPrefix,
    ensureReviewIssue: (issue, signal) => issues(issue.marker, () => ensureIssue(api, issue, limited(signal))),
    findReviewIssue: (issue, signal) => findIssue(api, issue, limited(signal)),
    readOwnIssues: (limit, signal) => readOwnIssues(api, limit, limited(signal)),
    readIssue: async (number, signal) => {
      const issue = await api.readIssue(number, limited(signal));
      return issue === null ? null : asStanding(issue);
    },
    rewriteIssue: async (number, body, signal) => asStanding(await api.editIssue(number, body, limited(signal))),
    ensureStatusComment: (comment, signal) =>
      comments(comment.marker, () => ensureComment(api, places, comment, limited(signal))),
    closeIssue: async (number, signal) => {
      const within = limited(signal);
      const issue = await api.readIssue(number, within);
      if (issue?.state === 'open') await api.closeIssue(number, within);
    },
    readComments: (since, page, signal) => readComments(api, since, page, limited(signal)),
    checkAccess: (signal) => api.checkAccess(limited(signal)),
  };
}

/** Calls of one key under way, so that two at once do the work of one. */
const singleFlight = <T>(): ((key: string, call: () => Promise<T>) => Promise<T>) => {
  const underWay = new Map<string, Promise<T>>();
  return (key, call) => {
    const running = underWay.get(key);
    if (running !== undefined) return running;
    const own = call().finally(() => underWay.delete(key));
    underWay.set(key, own);
    return own;
  };
};

/** Calls of one key, one after the other: the second finds what the first has made. */
const inTurn = (): ((key: string, call: () => Promise<void>) => Promise<void>) => {
  const last = new Map<string, Promise<void>>();
  return (key, call) => {
    const before = last.get(key) ?? Promise.resolve();
    const own = before.then(call, call).finally(() => {
      if (last.get(key) === own) last.delete(key);
    });
    last.set(key, own);
    return own;
  };
};

const ensureIssue = async (api: ForgeApi, issue: ReviewIssue, signal: AbortSignal): Promise<IssueAddress> => {
  const found = await findIssue(api, issue, signal);
  if (found !== null) return found;
  const made = await api.createIssue(issue.title, issue.body, signal);
  const { labels = [], assignees = [] } = issue;
  if (labels.length + assignees.length === 0) return addressOf(made);
  return { ...addressOf(made), lacking: await decorated(api, made.number, { labels, assignees }, signal) };
};

/** The issue stands, whatever becomes of its labels. */
const decorated = async (
  api: ForgeApi,
  number: number,
  decoration: Decoration,
  signal: AbortSignal,
): Promise<readonly string[]> => {
  try {
    return await api.decorate(number, decoration, signal);
  } catch (thrown) {
    if (thrown instanceof AdapterError) return [thrown.message];
    throw thrown;
  }
};

const addressOf = ({ url, number }: ApiIssue): IssueAddress => ({ issueUrl: url, issueNumber: number });

const asStanding = ({ state, body, updatedAt }: ApiIssue): StandingIssue => ({ state, body, updatedAt });

const findIssue = async (
  api: ForgeApi,
  { marker, notBefore }: Pick<ReviewIssue, 'marker' | 'notBefore'>,
  signal: AbortSignal,
): Promise<IssueAddress | null> => {
  const since = new Date(Date.parse(notBefore) - CLOCK_SLACK_MS).toISOString();
  // Of the gate's own alone, where that is known: strangers may open issues without end.
  const author = await api.readLogin(signal);
  const pages = (page: number) => api.listIssues({ since, author }, page, signal);
  const found = await findOwn(api, pages, ({ number }) => `${number}`, marker, Number.POSITIVE_INFINITY, signal);
  return found === null ? null : addressOf(found);
};

const readOwnIssues = async (api: ForgeApi, limit: number, signal: AbortSignal): Promise<readonly OwnIssue[]> => {
  const own = new Map<number, OwnIssue>();
  const seen = new Set<number>();
  const since = new Date(0).toISOString();
  const author = await api.readLogin(signal);
  for (let page = 1; page <= ISSUE_PAGES; page += 1) {
    const { items, isLast } = await api.listIssues({ since, author }, page, signal);
    const fresh = items.filter(({ number }) => !seen.has(number));
    for (const issue of fresh) {
      seen.add(issue.number);
      if (!(await isOwnIssue(api, issue, signal))) continue;
      own.set(issue.number, { ...addressOf(issue), createdAt: issue.createdAt, body: issue.body });
      if (own.size >= limit) return [...own.values()];
    }
    if (isLast ?? fresh.length === 0) break;
  }
  return [...own.values()];
};

/** By its author, whatever became of its text; where the token may not say whose it is, by the mark. */
const isOwnIssue = async (api: ForgeApi, issue: ApiIssue, signal: AbortSignal): Promise<boolean> =>
  (issue.body.includes(OWN_MARK) || (await api.readLogin(signal)) !== null) && (await isOurs(api, issue, signal));

/** The gate's own among the pages; somebody else's with our marker in it is not ours. */
const findOwn = async <T extends ApiIssue | ApiComment>(
  api: ForgeApi,
  readPage: (page: number) => Promise<ApiPage<T>>,
  idOf: (item: T) => string,
  marker: string,
  mostPages: number,
  signal: AbortSignal,
): Promise<T | null> => {
  const seen = new Set<string>();
  for (let page = 1; page <= mostPages; page += 1) {
    const { items, isLast } = await readPage(page);
    const fresh = items.filter((item) => !seen.has(idOf(item)));
    for (const item of fresh) {
      seen.add(idOf(item));
      if (item.body.includes(marker) && (await isOurs(api, item, signal))) return item;
    }
    // A page of pull requests alone is empty and not the last.
    if (isLast ?? fresh.length === 0) return null;
  }
  return null;
};

/** Where the token may not say whose it is, the marker is believed; but of a person where it is known to be a program's. */
const isOurs = async (
  api: ForgeApi,
  { author, byProgram }: Pick<ApiIssue, 'author' | 'byProgram'>,
  signal: AbortSignal,
): Promise<boolean> => {
  const login = await api.readLogin(signal);
  return login === null ? byProgram !== false : login.toLowerCase() === author?.toLowerCase();
};

const ensureComment = async (
  api: ForgeApi,
  places: Map<string, string>,
  { issueNumber, marker, body }: StatusComment,
  signal: AbortSignal,
): Promise<void> => {
  const place = places.get(marker);
  const known = place === undefined ? null : await api.readComment(place, signal);
  const pages = (page: number) => api.listComments(issueNumber, page, signal);
  const found = known ?? (await findOwn(api, pages, ({ id }) => id, marker, COMMENT_PAGES, signal));
  if (found !== null && found.body.trim() !== body.trim()) await api.editComment(found.id, body, signal);
  const { id } = found ?? (await api.createComment(issueNumber, body, signal));
  if (places.size >= REMEMBERED) places.clear();
  places.set(marker, id);
};

const readComments = async (api: ForgeApi, since: string, page: number, signal: AbortSignal): Promise<CommentPage> => {
  const own = await api.readLogin(signal);
  const { items, isLast } = await api.listRecentComments(since, page, signal);
  const comments = items.map((comment): ReviewComment => {
    const { id, issue, author, authorId, createdAt, updatedAt, body } = comment;
    return {
      id,
      issueNumber: issue,
      account: author,
      accountId: authorId,
      nature: natureOf(comment, own),
      createdAt,
      updatedAt,
      text: body,
    };
  });
  // A page may be empty and not the last.
  return { comments, next: (isLast ?? items.length === 0) ? null : page + 1 };
};

const natureOf = (comment: ApiRecentComment, own: string | null): ReviewComment['nature'] => {
  const { author, body, byProgram, createdAt, updatedAt } = comment;
  const isOwn = own === null ? body.includes(OWN_MARK) : author?.toLowerCase() === own.toLowerCase();
  if (isOwn) return 'own';
  if (byProgram) return 'bot';
  return createdAt === updatedAt ? 'comment' : 'edited';
};
