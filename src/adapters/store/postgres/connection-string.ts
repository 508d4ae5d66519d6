// The address of a database → what the driver is given, which says no warning of its own among the lines of the log.

/** What the driver reads as `verify-full` today, with a warning that a coming version will believe more than that. */
const AS_VERIFY_FULL = /(^|&)sslmode=(?:prefer|require|verify-ca)(?=&|$)/g;

/** With `verify-full` written out where the driver means it: TLS stays as strict with a newer driver. `uselibpqcompat=true` asks for less, and gets it. */
export function connectionStringOf(url: string): string {
  const [address = '', ...rest] = url.split('?');
  const query = rest.join('?');
  if (query === '' || /(?:^|&)uselibpqcompat=/.test(query)) return url;
  return `${address}?${query.replaceAll(AS_VERIFY_FULL, '$1sslmode=verify-full')}`;
}
