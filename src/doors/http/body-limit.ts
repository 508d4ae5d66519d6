// A request → whether its body may be read: at most 1 MiB, known by its length before anything of it is read wherever it says so.
import type { Context, MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';

const MAX_BODY = 1024 * 1024;

/**
 * Answers `tooLarge` for a body of more than 1 MiB. A length that is told is believed, since the server reads no more than that of the
 * connection; asking for the stream of the body, as Hono's own limit does first, would build a second request and make each slower. A body in
 * chunks is read whole here, however slowly it comes. Nobody reads the body of a GET.
 */
export function limitBody(tooLarge: (c: Context) => Response): MiddlewareHandler {
  const counted = bodyLimit({ maxSize: MAX_BODY, onError: tooLarge });
  return async (c, next) => {
    if (c.req.method === 'GET' || c.req.method === 'HEAD') return next();
    const [length, coding] = [c.req.header('content-length'), c.req.header('transfer-encoding')];
    if (length === undefined || coding !== undefined) return counted(c, next);
    return Number(length) <= MAX_BODY ? next() : tooLarge(c);
  };
}
