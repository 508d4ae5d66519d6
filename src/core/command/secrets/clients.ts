// Programs that take secrets as arguments, and in which: letters of flags, flags of NAME:SECRET, headers, bodies, places.

/** What a client takes. Long flags whose name says so (--password, -token) hold a secret of any program. */
export interface Client {
  /** Letters of flags whose value is a secret, glued or the next word. */
  readonly secret: string;
  /** Letters and long names of flags whose value is USER:SECRET (or USER,SECRET, USER%SECRET, USER/SECRET@…). */
  readonly pair: readonly string[];
  /** Letters and long names of flags whose value is a header. */
  readonly header: readonly string[];
  /** Letters and long names of flags whose value is a body. */
  readonly body: readonly string[];
  /** Long names whose value is a secret here, though the name does not say so. */
  readonly long: readonly string[];
  /** Only behind one of these words: docker login -p, not docker run -p. */
  readonly behind: readonly string[];
  /** Several short flags may stand in one word: -sSu. */
  readonly clusters: boolean;
  /** Words that are secrets by their place: what of the words behind the program's name is hidden. */
  readonly places: (words: readonly string[]) => readonly SecretPlace[];
}

/** A word by its number behind the program's name, and from which of its letters on it is hidden. */
export interface SecretPlace {
  readonly word: number;
  readonly from: number;
}

const NO_PLACES = (): readonly SecretPlace[] => [];

const list = (text = ''): readonly string[] => (text === '' ? [] : text.split(' '));

interface Row {
  readonly secret?: string;
  readonly pair?: string;
  readonly header?: string;
  readonly body?: string;
  readonly long?: string;
  readonly behind?: string;
  readonly clusters?: true;
  readonly places?: Client['places'];
}

const client = ({ secret = '', pair, header, body, long, behind, clusters, places = NO_PLACES }: Row): Client => ({
  secret,
  pair: list(pair),
  header: list(header),
  body: list(body),
  long: list(long),
  behind: list(behind),
  clusters: clusters ?? false,
  places,
});

/** Words that are no flags, with their numbers. */
const plain = (words: readonly string[]): readonly (readonly [number, string])[] =>
  words.flatMap((word, at) => (word.startsWith('-') ? [] : [[at, word] as const]));

/** From the n-th plain word behind these words on; all of them hidden. */
const behindWords =
  (said: string, skip = 0): Client['places'] =>
  (words) => {
    const wanted = list(said);
    const own = plain(words);
    const at = own.findIndex((_, from) => wanted.every((word, i) => own[from + i]?.[1] === word));
    return at < 0 ? [] : own.slice(at + wanted.length + skip).map(([word]) => ({ word, from: 0 }));
  };

/** The values of all NAME=VALUE behind these words. */
const pairsBehind =
  (...said: readonly string[]): Client['places'] =>
  (words) => {
    const own = plain(words);
    const joined = own.map(([, word]) => word).join(' ');
    if (!said.some((one) => joined.startsWith(one) || joined.includes(` ${one} `))) return [];
    return own.flatMap(([word, text]) => (text.includes('=') ? [{ word, from: text.indexOf('=') + 1 }] : []));
  };

const several =
  (...places: readonly Client['places'][]): Client['places'] =>
  (words) =>
    places.flatMap((one) => one(words));

/** Plain words that are no NAME=VALUE. */
const bare =
  (places: Client['places']): Client['places'] =>
  (words) =>
    places(words).filter(({ word }) => !(words[word] ?? '').includes('='));

/** `-passin pass:S` */
const openssl: Client['places'] = (words) =>
  words.flatMap((text, word) =>
    /^(?:pass|key|hexkey|hexpass):/.test(text) ? [{ word, from: text.indexOf(':') + 1 }] : [],
  );

/** `config set requirepass S`, `AUTH [user] S`, `acl setuser u >S` */
const redis: Client['places'] = (words) => {
  const own = plain(words);
  const auth = own.findIndex(([, word]) => /^auth$/i.test(word));
  const set = own.findIndex(([, word]) => /^(?:requirepass|masterauth|masteruser)$/i.test(word));
  return [
    ...(auth < 0 ? [] : own.slice(auth + 1)),
    ...(set < 0 ? [] : own.slice(set + 1)),
    ...own.filter(([, word]) => /^[>#<!]\S/.test(word)),
  ].map(([word]) => ({ word, from: 0 }));
};

/** `-b [file] user S`; with -n no file. */
const htpasswd: Client['places'] = (words) =>
  words.some((word) => /^-[a-zA-Z]*b/.test(word))
    ? plain(words)
        .slice(-1)
        .map(([word]) => ({ word, from: 0 }))
    : [];

/** `user/S@db` */
const sqlplus: Client['places'] = (words) =>
  plain(words).flatMap(([word, text]) =>
    /^[^/\s]+\/[^/\s]/.test(text) ? [{ word, from: text.indexOf('/') + 1 }] : [],
  );

/** `/p:S` */
const slashed: Client['places'] = (words) =>
  words.flatMap((text, word) => (/^\/(?:p|gp|password):/.test(text) ? [{ word, from: text.indexOf(':') + 1 }] : []));

const vault = several(
  bare(behindWords('login')),
  pairsBehind('kv put', 'kv patch', 'write', 'login'),
  behindWords('unwrap'),
  behindWords('token lookup'),
  behindWords('token revoke'),
  behindWords('token renew'),
  behindWords('operator unseal'),
  behindWords('operator rekey'),
);

/** `configure set NAME VALUE` of names that are secrets is found by the name; so are put-parameter and the like by --value. */
const aws: Client['places'] = (words) => {
  const own = plain(words);
  const at = own.findIndex(([, word], from) => word === 'set' && own[from - 1]?.[1] === 'configure');
  const name = own[at + 1]?.[1] ?? '';
  const value = own[at + 2];
  return at >= 0 && /secret|token|password|key/.test(name) && value !== undefined ? [{ word: value[0], from: 0 }] : [];
};

const MYSQL = client({ secret: 'p' });
const MONGO = client({ secret: 'p' });
const LOGIN_P = client({ secret: 'p', behind: 'login' });
const LDAP = client({ secret: 'w' });
const MOSQUITTO = client({ secret: 'P' });
const SNMP = client({ secret: 'AXc' });
const HTTPIE = client({ pair: 'a --auth', secret: '' });
const OF_UPPER_P = client({ secret: 'P' });
const OF_LOWER_P = client({ secret: 'p' });

/** What a command of oc, or a plugin, is called here: kubectl's grammar does not know it. */
export const OC = 'oc(own)';

const TABLE: readonly (readonly [names: string, client: Client])[] = [
  [
    'mysql mysqldump mysqladmin mysqlimport mysqlcheck mysqlshow mysqlslap mysqlpump mysqlsh mysqlbinlog mariadb mariadb-dump ' +
      'mariadb-admin mariadb-import mariadb-check mycli xtrabackup mariabackup',
    MYSQL,
  ],
  ['mongo mongosh mongodump mongorestore mongoexport mongoimport mongostat mongotop', MONGO],
  ['redis-cli valkey-cli keydb-cli redis-benchmark', client({ secret: 'a', long: 'pass', places: redis })],
  ['sshpass', OF_LOWER_P],
  [
    'curl',
    client({
      secret: 'b',
      pair: 'u U --user --proxy-user E --cert --proxy-cert',
      header: 'H --header --proxy-header',
      body: 'd --data --data-raw --data-binary --data-ascii --data-urlencode --json F --form --form-string',
      long: 'oauth2-bearer cookie pass proxy-pass key-pass',
      clusters: true,
    }),
  ],
  ['wget wget2', client({ header: '--header', body: '--post-data --body-data', long: 'http-passwd ftp-passwd' })],
  ['http https xh xhs httpie', HTTPIE],
  [`docker podman nerdctl buildah oras regctl crane ko oc ${OC}`, LOGIN_P],
  ['skopeo', client({ secret: 'p', behind: 'login', pair: '--creds --src-creds --dest-creds' })],
  ['helm helm3 helmfile', LOGIN_P],
  ['az', client({ secret: 'p', behind: 'login keyvault create update', long: 'value' })],
  ['vault bao', client({ places: vault })],
  ['aws', client({ long: 'secret-string secret-binary value token-code', places: aws })],
  ['gh', client({ secret: 'b', behind: 'secret', long: 'body' })],
  ['glab', client({ secret: 't', behind: 'login', long: 'value' })],
  ['ldapsearch ldapmodify ldapadd ldapdelete ldapwhoami ldappasswd ldapcompare', LDAP],
  ['mosquitto_pub mosquitto_sub mosquitto_rr ipmitool bcp sqlcmd zip unzip zipinfo mssql-cli', MOSQUITTO],
  ['snmpget snmpset snmpwalk snmpbulkwalk snmptrap snmpinform', SNMP],
  ['ssh-keygen', client({ secret: 'NP' })],
  ['cqlsh twine rdesktop 7z 7za 7zz ncftp kadmin useradd usermod rar unrar', OF_LOWER_P],
  ['htpasswd', client({ places: htpasswd })],
  ['etcdctl', client({ pair: '--user', places: several(behindWords('user add', 1), behindWords('user passwd', 1)) })],
  [
    'rabbitmqctl',
    client({
      places: several(
        behindWords('add_user', 1),
        behindWords('change_password', 1),
        behindWords('authenticate_user', 1),
      ),
    }),
  ],
  [
    'mc mcli',
    client({
      places: several(behindWords('alias set', 2), behindWords('config host add', 2), behindWords('admin user add', 2)),
    }),
  ],
  ['rclone', client({ places: behindWords('obscure') })],
  ['ansible-vault', client({ places: behindWords('encrypt_string') })],
  ['pulumi', client({ places: behindWords('config set', 1) })],
  [
    'heroku flyctl fly doppler railway infisical',
    client({ places: pairsBehind('secrets set', 'secrets import', 'secrets upload') }),
  ],
  [
    'grafana-cli grafana',
    client({ places: several(behindWords('admin reset-admin-password'), behindWords('reset-admin-password')) }),
  ],
  ['openssl', client({ secret: 'kK', places: openssl })],
  ['sqlplus sqlplus64 sqlcl rman expdp impdp', client({ places: sqlplus })],
  ['smbclient rpcclient smbget', client({ pair: 'U --user' })],
  ['lftp', client({ pair: 'u --user' })],
  ['xfreerdp wlfreerdp', client({ places: slashed })],
  ['influx', client({ secret: 'tp' })],
  ['snowsql cypher-shell beeline clickhouse vertica vsql isql', OF_LOWER_P],
  ['iscsiadm', client({ secret: 'v' })],
  ['tsql', OF_UPPER_P],
  ['npm yarn pnpm', client({ places: behindWords('config set', 1) })],
  ['chpasswd passwd smbpasswd sudo gpg age', client({})],
  ['gcloud', client({})],
  [
    'git psql pg_dump pg_restore pg_dumpall createdb dropdb terraform tofu ansible ansible-playbook keytool jarsigner java mvn',
    client({}),
  ],
];

/** By name without path. */
export const CLIENTS: ReadonlyMap<string, Client> = new Map(
  TABLE.flatMap(([names, one]) => names.split(' ').map((name) => [name, one] as const)),
);

/** Programs that read a secret from their standard input, with these words among theirs. */
const READS_SECRET: readonly (readonly [program: RegExp, words: RegExp])[] = [
  [
    /^(?:chpasswd|passwd|smbpasswd|base64|basenc|base32|kubeseal|cryptsetup|pass|age|gpg|htpasswd|mkpasswd|sha256sum|sha1sum|md5sum)$/,
    /(?:)/,
  ],
  [/(?:)/, /^-{1,2}[a-z-]*password-stdin$|^--with-token$|^--token-stdin$/],
  [/^sudo$/, /^-[a-zA-Z]*S|^--stdin$/],
  [/^(?:docker|podman)$/, /^secret$/],
  [/^openssl$/, /^(?:passwd|enc|aes\S*|dgst|base64)$|^stdin$/],
  [/^(?:vault|bao)$/, /^(?:kv|write|login)$/],
  [/^(?:gh|glab)$/, /^secret$|^variable$/],
  [/^gcloud$/, /^secrets$/],
  [/^aws$/, /^(?:secretsmanager|ssm)$/],
  [/^az$/, /^keyvault$/],
];

/** Whether what such a command reads is a secret as a whole. */
export function readsSecret(program: string, words: readonly string[]): boolean {
  return READS_SECRET.some(([name, marks]) => name.test(program) && ['', ...words].some((word) => marks.test(word)));
}
