// Ways by which a vote can come in.

/** How a vote came in; `http` with a token, `oidc` and `link` through a session of the console. */
export const CHANNELS = ['telegram', 'slack', 'gitea', 'github', 'gitlab', 'http', 'oidc', 'link'] as const;
export type Channel = (typeof CHANNELS)[number];

/** Ways in which it is proven who voted; a policy may ask that one vote came in by one of some. */
export const STRENGTHS = ['oidc', 'forge'] as const;
export type Strength = (typeof STRENGTHS)[number];

/** The proof that comes with a channel; null: none that counts as strong. */
export const STRENGTH_OF: { readonly [C in Channel]: Strength | null } = {
  telegram: null,
  slack: null,
  gitea: 'forge',
  github: 'forge',
  gitlab: 'forge',
  http: null,
  oidc: 'oidc',
  link: null,
};
