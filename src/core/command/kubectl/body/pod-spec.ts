// What a pod's specification asks for, wherever it stands: privilege, the host, images, identities, commands.
import type { Trait } from '../../../model/effect.ts';
import { isObject, type Json } from '../../../model/json.ts';
import { commandsOf } from './container.ts';
import { type Edit, isList } from './edit.ts';

const TEMPLATED = '/spec/template/spec';

/** Where the pod's specification stands in objects of the kind. */
const PLACE: ReadonlyMap<string, string> = new Map([
  ['pods', '/spec'],
  ['podtemplates', '/template/spec'],
  ['cronjobs.batch', '/spec/jobTemplate/spec/template/spec'],
  ['jobs.batch', TEMPLATED],
  ['replicationcontrollers', TEMPLATED],
  ['deployments.apps', TEMPLATED],
  ['replicasets.apps', TEMPLATED],
  ['statefulsets.apps', TEMPLATED],
  ['daemonsets.apps', TEMPLATED],
  ['controllerrevisions.apps', `/data${TEMPLATED}`],
]);

const LIST = /^(?:containers|initContainers|ephemeralContainers|[a-z]\w*Containers|sidecars|steps)$/;
const SINGLE = /^(?:container|[a-z]\w*Container|script|stepTemplate)$/;
/** What a pod says of itself, where a kind has it in a place of its own. */
const OF_POD = new RegExp(
  '/(?:host(?:PID|IPC|Network)|serviceAccount(?:Name)?|volumes/\\*/hostPath(?:/.*)?|' +
    '(?:nodeSelector|affinity|tolerations|securityContext|podSecurityContext)(?:/.*)?)$',
);

/** The container that a pointer leads to or into, as one of a pod: the innermost list, step, script or single container. */
const inContainer = (at: string): string | null => {
  const segments = at.split('/');
  const isListed = (index: number): boolean => segments[index + 1] === '*' && LIST.test(segments[index] ?? '');
  for (let index = segments.length - 1; index > 0; index--) {
    const name = segments[index] ?? '';
    const listed = isListed(index);
    // a step's script is its text, a template's script is a container
    if (!listed && !(SINGLE.test(name) && !isListed(index - 2))) continue;
    const list = name === 'initContainers' || name === 'ephemeralContainers' ? name : 'containers';
    return [`/${list}/*`, ...segments.slice(listed ? index + 2 : index + 1)].join('/');
  }
  return LIST.test(segments.at(-1) ?? '') ? '/containers' : null;
};

/** The rest of a pointer below a pod's specification, "/containers/∗/image"; null where it leads elsewhere. */
export type PodPlace = (at: string) => string | null;

/**
 * Where objects of the kind hold pods. A kind that is not built in may hold several, and containers, steps and scripts
 * anywhere (scoring section 1); what stands in its own metadata is none.
 */
export function podPlaceOf(key: string, known: 'built-in' | 'other'): PodPlace {
  const place = PLACE.get(key);
  if (place !== undefined) {
    const inside = `${place}/`;
    return (at) => (at.startsWith(inside) ? at.slice(place.length) : null);
  }
  if (known === 'built-in') return () => null;
  return (at) => {
    if (at.startsWith('/metadata/')) return null;
    const within = at.startsWith(`${TEMPLATED}/`) ? at.slice(TEMPLATED.length) : null;
    return inContainer(at) ?? OF_POD.exec(at)?.[0] ?? within;
  };
}

const PINNED = /@sha(?:256|512):[0-9a-f]{64,128}$/;

/** Traits of starting these images: one that a tag names may be another tomorrow (scoring section 4). */
export function imageTraits(images: readonly string[]): readonly Trait[] {
  if (images.length === 0) return [];
  return images.every((image) => PINNED.test(image)) ? ['starts-image'] : ['starts-image', 'mutable-image'];
}

const says = (edit: Edit, value: Json): boolean =>
  edit.how === 'unknown' || (edit.how === 'set' && edit.value === value);

const gives = ({ how, value }: Edit): boolean =>
  how === 'unknown' || how === 'element' || (how === 'set' && value !== false && value !== '');

interface Rule {
  readonly place: RegExp;
  readonly holds: (edit: Edit) => boolean;
  readonly trait: Trait;
}

const nonEmpty = ({ how, value }: Edit): boolean => how === 'unknown' || (isList(value) && value.length > 0);

/** By the place below the pod's specification. */
const RULES: readonly Rule[] = [
  { place: /^\/host(?:PID|IPC|Network)$/, holds: (edit) => says(edit, true), trait: 'host-namespaces' },
  { place: /^\/volumes\/\*\/hostPath(?:\/|$)/, holds: ({ how }) => how !== 'removed', trait: 'privileged' },
  { place: /\/securityContext\/privileged$/, holds: (edit) => says(edit, true), trait: 'privileged' },
  { place: /ecurityContext\/windowsOptions\/hostProcess$/, holds: (edit) => says(edit, true), trait: 'privileged' },
  { place: /\/securityContext\/capabilities\/add$/, holds: nonEmpty, trait: 'privileged' },
  { place: /\/securityContext\/capabilities\/add\/\*$/, holds: gives, trait: 'privileged' },
];

/** Any of the places: most are none. */
const RULED = new RegExp(RULES.map(({ place }) => place.source).join('|'));

/** Traits of one edit at a place below the pod's specification ("/containers/∗/image"). */
export function podTraits(place: string, edit: Edit): readonly Trait[] {
  if (!RULED.test(place)) return [];
  return RULES.filter((rule) => rule.place.test(place) && rule.holds(edit)).map(({ trait }) => trait);
}

const INSIDE = /^\/(?:containers|initContainers|ephemeralContainers)\/\*\//;
const WORDS = /\/(?:command|args)$/;
const WORD = /^\/(?:containers|initContainers|ephemeralContainers)\/\*\/(?:.*\/)?(?:command|args)\/\*$/;
const SCRIPT = /^\/containers\/\*\/(?:script|source)$/;

/** The commands in one edit at a place below the pod's specification, or of an object that says what to run. */
export function commandsAt(place: string, { how, value }: Edit): readonly (readonly string[])[] {
  if (how === 'container' && isObject(value)) return commandsOf(value, place === '/containers/*');
  if (how === 'element' && isList(value) && INSIDE.test(place) && WORDS.test(place))
    return commandsOf({ args: value }, true);
  // the text of a script alone: of a shell, where nothing says otherwise
  return how === 'set' && SCRIPT.test(place) ? commandsOf({ script: value }, true) : [];
}

/** A place that is one word of a command: where the others are not known, what would run cannot be read. */
export function isOneWord(place: string, { how }: Edit): boolean {
  return (how === 'set' || how === 'unknown') && place.endsWith('/*') && WORD.test(place);
}
