// Lists of scalars, tags, escapes and characters that readers of YAML disagree about.

export const BREAKS = ['\r\n', '\r', '\u0085', '\u2028', '\u2029'];

/** Plain scalars whose type is a matter of the version of YAML, or of go-yaml. */
export const TYPED =
  'y Y yes Yes yEs on On oN n no off OFF true TRUE tRue false 0 -0 +0 00 07 0777 08 0o7 0O7 0o8 0x1F 0X1f 0xg 0b11 0b12 0B1 0b-1 0b+1 -0b11 -0x1 1_000 1__0_ 0x_1 _1 +1 -1 1. 1.0 1.50 .5 .5_0 ._5 5.e3 1e3 1E+3 1e-3 1e400 -1e400 1e 12e03 .Nan - -- + . .. ... 1.2.3 2001-01-01 2001-1-1 2001-12-14t21:59:43.10-05:00 190:20:30 1:30 = 100000 1e6 0.1 9007199254740991 -9223372036854775808 v1 a-b a:b a?b a#b b,c x. -x ?x :x Namespace ConfigMap'.split(
    ' ',
  );

/** Those of which many make a text that is no JSON, or that is not read for its numbers. */
export const SELDOM =
  '~ null Null .inf -.inf +.INF .nan .NaN << 1234567.5 9007199254740993 1152921504606846976 9223372036854775807 9223372036854775808 18446744073709551615 18446744073709551616 0777777777777777777777777 -0.0'.split(
    ' ',
  );

export const WORDS = 'a b c kind name data metadata spec apiVersion items labels x y z on replicas'.split(' ');

/** Characters that mean something somewhere; for changes at random places. */
export const SPICE = [
  ...'-?:,[]{}#&*!|>\'"%@`~<=.\\/ \t\n0123abzN_+'.split(''),
  ...BREAKS,
  '\ufeff',
  '\u00a0',
  '\u3000',
  '\u200b',
  '\ufffd',
  '\u007f',
  '\u0000',
  '\u0001',
  'é',
  '日',
  '😀',
  '---',
  '\n---\n',
  '\n--- # c\n',
  '\n...\n',
  ': ',
  '- ',
  '? ',
  ' #',
  '<<: ',
  '*a',
  '&a ',
  '!!str ',
  '!!int ',
  '!x ',
  '%YAML 1.1\n',
  '%TAG !e! tag:yaml.org,2002:\n',
  '|\n',
  '>-\n',
  '|2+\n',
];

/** Tags that any node may have. */
export const MILD_TAGS = '!!str !x !!seq !!map !!set !!foo !<!x>'.split(' ');

export const TAGS = [
  ...'!!str !!int !!float !!bool !!null !!map !!seq !!binary !!timestamp !!set !!omap !!merge ! !x'.split(' '),
  '!<tag:yaml.org,2002:str>',
  '!!s%74r',
  '!x!y',
];

export const ESCAPES = '\\n \\t \\0 \\x41 \\u00e9 \\U0001F600 \\N \\_ \\L \\P \\" \\\\ \\e \\u2028'.split(' ');
/** Escapes of JSON that YAML 1.1 does not have, and one that neither has. */
export const WRONG_ESCAPES = ['\\/', '\\ud83d', '\\ud83d\\ude00', '\\q'];
