// A record of the trail → an event of the Open Cybersecurity Schema Framework.
import { cut } from './escape.ts';
import type { TrailRecord, Weight } from './trail-record.ts';

/** The version of the schema whose classes are followed (schema.ocsf.io/1.3.0; test/contracts/siem.test.ts holds it). */
const OCSF_VERSION = '1.3.0';

const SEVERITY: Record<Weight, number> = { routine: 1, low: 2, medium: 3, high: 4, critical: 5 };
const SEVERITY_NAMES: Record<Weight, string> = {
  routine: 'Informational',
  low: 'Low',
  medium: 'Medium',
  high: 'High',
  critical: 'Critical',
};

/** The activity that the schema has no name for: its name is the source's own, and so is that of nothing else. */
const OTHER = 99;
/** The schema's `string_t`. */
const LONGEST_TEXT = 65_535;

interface Class {
  readonly category_uid: number;
  readonly category_name: string;
  readonly class_uid: number;
  readonly class_name: string;
}

const API_ACTIVITY: Class = {
  category_uid: 6,
  category_name: 'Application Activity',
  class_uid: 6003,
  class_name: 'API Activity',
};
const AUTHENTICATION: Class = {
  category_uid: 3,
  category_name: 'Identity & Access Management',
  class_uid: 3002,
  class_name: 'Authentication',
};

/** Activities of API Activity; an event that is none of them is 99 with its own name. */
const API_ACTIVITIES: ReadonlyMap<string, readonly [id: number, name: string]> = new Map([
  ['proposed', [1, 'Create']],
  ['voted', [1, 'Create']],
  ['glass-broken', [1, 'Create']],
  ['link-made', [1, 'Create']],
  ['looked', [2, 'Read']],
  ['sampled', [2, 'Read']],
  ['people-read', [2, 'Read']],
  ['policy-read', [2, 'Read']],
  ['write-intended', [3, 'Update']],
  ['write-answered', [3, 'Update']],
  ['cancelled', [3, 'Update']],
  ['superseded', [3, 'Update']],
  ['paused', [3, 'Update']],
  ['running', [3, 'Update']],
  ['vote-withdrawn', [4, 'Delete']],
  ['pruned', [4, 'Delete']],
]);

const LOGIN_ACTIVITIES: ReadonlyMap<string, readonly [id: number, name: string]> = new Map([
  ['logged-in', [1, 'Logon']],
  ['logged-out', [2, 'Logoff']],
]);

/**
 * Logins are events of Authentication (3002), all else of API Activity (6003): the schema has no class for a vote.
 * `version` is that of the product.
 */
export function ocsfEvent(record: TrailRecord, version: string): Readonly<Record<string, unknown>> {
  const { event, who, weight, result, timeMs, about } = record;
  const login = who === null ? undefined : LOGIN_ACTIVITIES.get(event);
  const kind = login === undefined ? API_ACTIVITY : AUTHENTICATION;
  const [activity_id, activity_name] = login ?? API_ACTIVITIES.get(event) ?? [OTHER, event];
  return {
    ...kind,
    activity_id,
    activity_name,
    type_uid: kind.class_uid * 100 + activity_id,
    type_name: `${kind.class_name}: ${activity_id === OTHER ? 'Other' : activity_name}`,
    // Required: a damaged line has no time of its own, and 0 says so.
    time: timeMs ?? 0,
    severity_id: SEVERITY[weight],
    severity: SEVERITY_NAMES[weight],
    ...statusOf(result),
    ...(about === null ? {} : { message: cut(about, LONGEST_TEXT) }),
    metadata: {
      version: OCSF_VERSION,
      product: { name: 'Blastgate', vendor_name: 'Blastgate', version },
      sequence: record.seq,
      uid: record.hash,
      ...(record.proposal === null ? {} : { correlation_uid: record.proposal }),
      event_code: event,
      log_name: 'audit',
    },
    ...(login === undefined ? apiFields(record) : loginFields(who ?? '')),
    unmapped: unmapped(record),
  };
}

/** Only what the line says: collectors of columns take no null for an answer. */
const unmapped = ({ incident, state, tier, digest, command, cluster }: TrailRecord): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries({ incident, state, tier, digest, command, cluster }).flatMap(([name, value]) =>
      value === null ? [] : [[name, value]],
    ),
  );

const statusOf = (result: TrailRecord['result']): Readonly<Record<string, unknown>> => {
  if (result === null) return { status_id: 0, status: 'Unknown' };
  return result === 'success' ? { status_id: 1, status: 'Success' } : { status_id: 2, status: 'Failure' };
};

const apiFields = ({ event, who, proposal }: TrailRecord): Readonly<Record<string, unknown>> => ({
  actor: { app_name: 'Blastgate', ...(who === null ? {} : { user: { name: who, uid: who } }) },
  api: { operation: event, service: { name: 'Blastgate' } },
  // The trail holds no address of a caller; the schema wants an endpoint, and the gate is the one that is known.
  src_endpoint: { name: 'blastgate' },
  ...(proposal === null ? {} : { resources: [{ uid: proposal, type: 'proposal' }] }),
});

const loginFields = (who: string): Readonly<Record<string, unknown>> => ({
  user: { name: who, uid: who },
  service: { name: 'Blastgate' },
});
