/** Decides how tools are called in files and code. */
import type { ToolNames } from './project.ts';

/** Words that cannot be the name of a binding in a module of strict code. */
const RESERVED = new Set(
  (
    'arguments await break case catch class const continue debugger default delete do else enum eval export extends ' +
    'false finally for function if implements import in instanceof interface let new null package private protected ' +
    'public return static super switch this throw true try typeof undefined var void while with yield'
  ).split(' '),
);

/** Names that Windows keeps for devices, whatever follows the first dot. */
const DEVICE = /^(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|$)/i;

/** `types.d` would give `types.d.ts`, which the compiler takes for declarations. */
const DECLARATION = /\.d(\.|$)/i;

/**
 * The names of each tool, in order. They follow from the tool's own name; only where an earlier tool has the
 * same, as `con` and `tool_con` have, does a number follow.
 */
export function nameTools(tools: readonly string[]): readonly ToolNames[] {
  const files = new Set<string>();
  const identifiers = new Set<string>();
  const types = new Set<string>();
  return tools.map(nameTool).map(({ file, identifier, type }) => ({
    file: claim(files, file),
    identifier: claim(identifiers, identifier),
    type: claim(types, type),
  }));
}

/** The first of `name`, `name_2`, `name_3` … that is free, whatever its case. */
function claim(taken: Set<string>, name: string): string {
  let free = name;
  for (let count = 2; taken.has(free.toLowerCase()); count += 1) free = `${name}_${count}`;
  taken.add(free.toLowerCase());
  return free;
}

/** The names of one tool. Two tools whose names differ only in case or punctuation are refused by the loader. */
export function nameTool(name: string): ToolNames {
  const words = name.split(/[^A-Za-z0-9]+/).filter((word) => word !== '');
  const camel = words.map((word, index) => (index === 0 ? lowerFirst(word) : upperFirst(word))).join('');
  // As json-schema-to-typescript writes names: it would rename any other.
  const type = words
    .map(upperFirst)
    .join('')
    .replaceAll(/[0-9][a-z]/g, (pair) => pair.toUpperCase());
  return {
    file: fileName(name),
    identifier: identifierFrom(camel),
    type: /^[A-Za-z]/.test(type) ? type : `Tool${type}`,
  };
}

function identifierFrom(camel: string): string {
  if (camel === '') return 'tool';
  if (/^[0-9]/.test(camel)) return `tool${camel}`;
  return RESERVED.has(camel) ? `${camel}Tool` : camel;
}

/** The name itself, where a file may be called so on every system. */
function fileName(name: string): string {
  const isPlain = /^[A-Za-z0-9_]/.test(name) && !name.endsWith('.') && !DEVICE.test(name) && !DECLARATION.test(name);
  return isPlain ? name : `tool_${name.replaceAll('.', '_')}`;
}

const upperFirst = (word: string): string => word.slice(0, 1).toUpperCase() + word.slice(1);
const lowerFirst = (word: string): string => word.slice(0, 1).toLowerCase() + word.slice(1);
