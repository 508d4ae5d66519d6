// A link within the page: a real address, so that it can be copied and opened beside; a plain click stays in the page.
import type { AnchorHTMLAttributes, ReactElement } from 'react';
import { go } from '../router.ts';

export function Link({ href, ...rest }: AnchorHTMLAttributes<HTMLAnchorElement> & { href: string }): ReactElement {
  return (
    <a
      {...rest}
      href={href}
      onClick={(event) => {
        if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey || event.button !== 0) return;
        event.preventDefault();
        go(href);
      }}
    />
  );
}
