/** Puts a name and transports into the text of a manifest, leaving every other character as it is. */
import { isMap, isNode, isPair, isScalar, parseDocument, stringify, type Pair, type YAMLMap } from 'yaml';

export interface ServerEdits {
  readonly name?: string | undefined;
  readonly transports?: readonly string[] | undefined;
}

interface Replacement {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** The text must be a valid manifest, in YAML or JSON. */
export function editServer(text: string, edits: ServerEdits): string {
  const server = parseDocument(text).get('server');
  if (!isMap(server)) return text;
  const replacements = [
    ...(edits.name === undefined ? [] : [replaceName(server, edits.name)]),
    ...(edits.transports === undefined ? [] : [replaceTransports(server, edits.transports, text)]),
  ];
  return replacements
    .filter((replacement) => replacement !== undefined)
    .sort((left, right) => right.start - left.start)
    .reduce((edited, { start, end, text }) => edited.slice(0, start) + text + edited.slice(end), text);
}

function replaceName(server: YAMLMap, name: string): Replacement | undefined {
  const range = valueRange(findPair(server, 'name'));
  return range && { ...range, text: server.flow ? JSON.stringify(name) : stringify(name).trimEnd() };
}

function replaceTransports(server: YAMLMap, transports: readonly string[], text: string): Replacement | undefined {
  const list = server.flow ? JSON.stringify(transports) : `[${transports.join(', ')}]`;
  const range = valueRange(findPair(server, 'transports'));
  if (range !== undefined) {
    const trailing = /\s*$/.exec(text.slice(range.start, range.end))?.[0] ?? '';
    return { start: range.start, end: range.end - trailing.length, text: list };
  }
  return insertAfterName(server, list, text);
}

function insertAfterName(server: YAMLMap, list: string, text: string): Replacement | undefined {
  const pair = findPair(server, 'name');
  const name = valueRange(pair);
  if (pair === undefined || name === undefined || !isNode(pair.key) || !pair.key.range) return undefined;
  if (server.flow) return { start: name.end, end: name.end, text: `, "transports": ${list}` };
  const keyStart = pair.key.range[0];
  const indent = keyStart - (text.lastIndexOf('\n', keyStart - 1) + 1);
  const lineEnd = text.indexOf('\n', name.end);
  const at = lineEnd === -1 ? text.length : lineEnd;
  return { start: at, end: at, text: `\n${' '.repeat(indent)}transports: ${list}` };
}

function findPair(map: YAMLMap, key: string): Pair | undefined {
  return map.items.find((item) => isPair(item) && isScalar(item.key) && item.key.value === key);
}

function valueRange(pair: Pair | undefined): { start: number; end: number } | undefined {
  if (pair === undefined || !isNode(pair.value) || !pair.value.range) return undefined;
  const [start, end] = pair.value.range;
  return { start, end };
}
