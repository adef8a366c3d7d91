/** Finds the first fault in a JSON text. `JSON.parse` knows that there is one, but often not where. */

export interface JsonFault {
  /** In UTF-16 code units. */
  readonly offset: number;
  readonly problem: string;
}

const TOKEN =
  /[\t\n\r ]*(?:([{}[\],:])|("(?:[^"\\]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*")|(-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)(?![\w.+-])|$)/y;

type State = 'value' | 'value or ]' | 'name' | 'name or }' | ':' | ', or end';

const EXPECTED: Readonly<Record<State, string>> = {
  value: 'a value',
  'value or ]': 'a value or ]',
  name: 'a name in double quotes',
  'name or }': 'a name in double quotes, or }',
  ':': 'a colon',
  ', or end': 'a comma or the end',
};

/** The first fault; `undefined` where the text is JSON. */
export function findJsonFault(text: string): JsonFault | undefined {
  const open: ('{' | '[')[] = [];
  let state: State = 'value';
  TOKEN.lastIndex = 0;
  for (;;) {
    const from = TOKEN.lastIndex;
    const match = TOKEN.exec(text);
    if (match === null) return describeFault(text, from, state);
    const [, sign, string, scalar] = match;
    const token = sign ?? string ?? scalar;
    if (token === undefined) {
      const isComplete = open.length === 0 && state === ', or end';
      return isComplete ? undefined : { offset: text.length, problem: `it ends where ${EXPECTED[state]} is missing.` };
    }
    if (string !== undefined && hasControlCharacter(string))
      return describeFault(text, TOKEN.lastIndex - token.length, state);
    const next = step(state, { sign, isString: string !== undefined }, open);
    if (next === undefined) return describeFault(text, TOKEN.lastIndex - token.length, state);
    state = next;
  }
}

interface Token {
  readonly sign: string | undefined;
  readonly isString: boolean;
}

function step(state: State, { sign, isString }: Token, open: ('{' | '[')[]): State | undefined {
  const inside = open.at(-1);
  switch (state) {
    case 'value':
    case 'value or ]':
      if (sign === ']' && state === 'value or ]') return open.pop() && ', or end';
      if (sign === undefined) return ', or end';
      if (sign !== '{' && sign !== '[') return undefined;
      open.push(sign);
      return sign === '{' ? 'name or }' : 'value or ]';
    case 'name':
    case 'name or }':
      if (sign === '}' && state === 'name or }') return open.pop() && ', or end';
      return isString ? ':' : undefined;
    case ':':
      return sign === ':' ? 'value' : undefined;
    case ', or end':
      if (inside === undefined) return undefined;
      if (sign === ',') return inside === '{' ? 'name' : 'value';
      return sign === (inside === '{' ? '}' : ']') ? open.pop() && ', or end' : undefined;
  }
}

function hasControlCharacter(string: string): boolean {
  return Array.prototype.some.call(string, (character: string) => character < ' ');
}

function describeFault(text: string, from: number, state: State): JsonFault {
  const offset = from + text.slice(from).search(/[^\t\n\r ]|$/);
  const found = text.slice(offset, offset + 1);
  if (found === '"' && state !== ':' && state !== ', or end') {
    return { offset, problem: 'this text is not closed, or holds a control character or an unknown escape.' };
  }
  return { offset, problem: `expected ${EXPECTED[state]}, found ${JSON.stringify(found)}.` };
}
