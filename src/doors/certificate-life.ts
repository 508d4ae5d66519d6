// How long the certificates of the doors live → Prometheus text.

/** Milliseconds since the epoch: when it is to be renewed (a third of its life is left), and when it ends. */
export interface CertificateLife {
  readonly renewAt: number;
  readonly endsAt: number;
}

/** By door; null: that door is not open. '' where none is. */
export function certificateLives(doors: Readonly<Record<'proxy' | 'admission', CertificateLife | null>>): string {
  const open = Object.entries(doors).flatMap(([door, life]) => (life === null ? [] : [{ door, ...life }]));
  if (open.length === 0) return '';
  return [
    '# HELP blastgate_certificate_renew_timestamp_seconds When the certificate of a door is to be renewed: a third of its life is left.',
    '# TYPE blastgate_certificate_renew_timestamp_seconds gauge',
    ...open.map(
      ({ door, renewAt }) =>
        `blastgate_certificate_renew_timestamp_seconds{door="${door}"} ${Math.round(renewAt / 1000)}`,
    ),
    '# HELP blastgate_certificate_end_timestamp_seconds When the certificate of a door ends.',
    '# TYPE blastgate_certificate_end_timestamp_seconds gauge',
    ...open.map(
      ({ door, endsAt }) => `blastgate_certificate_end_timestamp_seconds{door="${door}"} ${Math.round(endsAt / 1000)}`,
    ),
    '',
  ].join('\n');
}
