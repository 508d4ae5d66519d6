// Which variables a line has set to a constant (scoring section 1): what may set one in between makes it unknown again.
import { type Assignment, forEachChild, type SyntaxNode, type Word as SyntaxWord } from 'unbash';
import { baseName } from './programs.ts';
import { isUnknown } from './unknown.ts';
import { type Constants, expandWord, joinParts, type Word } from './words.ts';

/** What a line has set so far. */
export interface ShellVariables {
  readonly values: Map<string, string>;
  /** Every name that was given a value: a second assignment leaves it unknown. */
  readonly assigned: Set<string>;
  /** Nothing is believed any more: a trap, an alias or a nameref may set anything at any time. */
  poisoned: boolean;
  /** Letters that may still be put in the place of variables: a value may stand in thousands of places. */
  letters: number;
}

const MOST_LETTERS = 1 << 17;

/** An "=" that may end the name of a variable, as that of "--replicas=2" does not. */
const MAY_ASSIGN = /(?<!--[\w-]*)=/;

/** What the line has set before it runs: nothing. One that assigns nothing has no value to believe. */
export function noVariables(line: string): ShellVariables {
  return {
    values: new Map(),
    assigned: new Set(),
    poisoned: !(line.includes('=') && MAY_ASSIGN.test(line)),
    letters: MOST_LETTERS,
  };
}

/** Looks values up, as far as the letters last. */
export function constantsOf(variables: ShellVariables): Constants {
  return (name) => {
    const value = variables.poisoned ? undefined : variables.values.get(name);
    if (value === undefined || value.length > variables.letters) return null;
    variables.letters -= value.length;
    return value;
  };
}

/** ShellVariables that bash answers for itself, whatever they are set to, or that change how others are read. */
const SPECIAL =
  /^(?:RANDOM|SRANDOM|SECONDS|LINENO|EPOCH\w*|BASH\w*|E?UID|PPID|GROUPS|FUNCNAME|DIRSTACK|HISTCMD|COMP_\w*|OPT(?:ARG|IND|ERR)|REPLY|PIPESTATUS|_|SHELLOPTS|IFS|POSIXLY_CORRECT)$/;

/** There is no value, and none will be believed. */
const isHopeless = ({ poisoned, values }: ShellVariables): boolean => poisoned && values.size === 0;

const forgetAll = (variables: ShellVariables): void => {
  for (const name of variables.values.keys()) variables.assigned.add(name);
  variables.values.clear();
};

const forget = (variables: ShellVariables, name: string): void => {
  variables.values.delete(name);
  variables.assigned.add(name);
};

/** A value that the line itself says; null where it does not. Tildes are expanded in values. */
const constantOf = ({ value, append, index }: Assignment, constants: Constants): string | null => {
  if (append === true || index !== undefined || value.type !== 'Word') return null;
  const text = joinParts(value.parts, value.value, constants);
  return isUnknown(text) || text.includes('~') ? null : text;
};

/** An assignment that stands alone, where every run of the line comes by exactly once. */
export function assign(variables: ShellVariables, assignment: Assignment): void {
  const { name } = assignment;
  if (SPECIAL.test(name)) variables.poisoned = true;
  const value = constantOf(assignment, constantsOf(variables));
  if (value === null || variables.assigned.has(name)) forget(variables, name);
  else {
    variables.values.set(name, value);
    variables.assigned.add(name);
  }
}

/** Builtins that set variables which they name. */
const SETTERS = new Set(
  'read mapfile readarray printf getopts let unset export declare typeset local readonly wait'.split(' '),
);
/** Those whose text may set any. */
const RUNS_TEXT = new Set(['eval', 'source', '.']);
/** Those after which a variable may change at any time, or words may mean something else. */
const POISONS = new Set(['trap', 'shopt', 'alias', 'enable', 'unalias']);

/** What a simple command may set: read X, eval, a function of the line, a program that is not known. */
export function forgetSetBy(variables: ShellVariables, words: readonly Word[], functions: ReadonlySet<string>): void {
  if (isHopeless(variables)) return;
  const at = words.findIndex(({ text }) => !/^(?:command|builtin|exec|-.*)$/.test(text));
  const program = at < 0 ? '' : baseName(words[at]?.text ?? '');
  const rest = words.slice(at + 1).map(({ text }) => text);
  const changesRules = program === 'set' && rest.some((text) => /^(?:posix|keyword|-\w*k\w*)$/.test(text));
  if (POISONS.has(program) || changesRules) variables.poisoned = true;
  if (isUnknown(program) || RUNS_TEXT.has(program) || functions.has(program)) forgetAll(variables);
  if (!SETTERS.has(program)) return;
  // declare -n makes one name stand for another
  if (/^(?:declare|typeset|local)$/.test(program) && rest.some((text) => /^-\w*n/.test(text)))
    variables.poisoned = true;
  if (rest.some(isUnknown)) forgetAll(variables);
  const said = rest.join(' ');
  for (const name of [...variables.values.keys()]) if (said.includes(name)) forget(variables, name);
}

/** export A=b and the like, without flags, set what they name to what they say. */
export function declares(words: readonly Word[]): boolean {
  return (
    /^(?:export|declare|typeset|readonly)$/.test(words[0]?.text ?? '') && !words.some(({ text }) => /^[-+]/.test(text))
  );
}

const wordsOfCommand = (name: SyntaxWord | undefined, args: readonly SyntaxNode[]): readonly Word[] => [
  ...(name === undefined ? [] : expandWord(name).words),
  ...args.flatMap((one) => (one.type === 'Word' ? expandWord(one).words : [])),
];

/** Arithmetic may assign, and a function runs who knows when. */
const SETS_ANY: ReadonlySet<SyntaxNode['type']> = new Set([
  'ArithmeticCommand',
  'ArithmeticExpansion',
  'ArithmeticFor',
  'Function',
]);

/** Whatever may be set within a node leaves the variables: loops, conditions, subshells, pipes, functions, expansions. */
export function forgetSetIn(variables: ShellVariables, node: SyntaxNode, functions: ReadonlySet<string>): void {
  if (isHopeless(variables)) return;
  const visit = (child: SyntaxNode): void => {
    const { type } = child;
    if (type === 'Assignment') {
      if (SPECIAL.test(child.name)) variables.poisoned = true;
      forget(variables, child.name);
    } else if (type === 'Command') forgetSetBy(variables, wordsOfCommand(child.name, child.args), functions);
    else if (type === 'For' || type === 'Select' || type === 'Coproc') forget(variables, child.name?.value ?? 'COPROC');
    else if (type === 'ParameterExpansion') {
      if (child.operation?.type === 'Default' && child.operation.operator.endsWith('='))
        forget(variables, child.parameter);
    } else if (type === 'FileDescriptorVariable') forget(variables, child.name);
    else if (SETS_ANY.has(type)) forgetAll(variables);
    forEachChild(child, visit);
  };
  visit(node);
}
