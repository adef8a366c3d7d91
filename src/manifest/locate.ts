/** Finds the place of a JSON Pointer in the manifest's text. */
import { isAlias, isCollection, isMap, isNode, isScalar, isSeq, type Node } from 'yaml';

import type { Span } from '../diagnostics/diagnostic.ts';
import { tokensOf } from './pointer.ts';
import { spanOf, type ManifestSource } from './source.ts';

export type Part = 'key' | 'value';

interface Place {
  readonly key: Node | undefined;
  readonly value: Node | undefined;
}

/**
 * The place of a member. Without `part` that is its value where the value is on one line, else its key. A
 * pointer to something that is not there gives the place of the nearest thing around it.
 */
export function locate(source: ManifestSource, pointer: string, part?: Part): Span {
  let place: Place = { key: undefined, value: asNode(source.document.contents) };
  for (const token of tokensOf(pointer)) {
    const next = memberOf(source, place.value, token);
    if (next === undefined) {
      part = undefined;
      break;
    }
    place = next;
  }
  return spanOfNode(source, chooseNode(place, part));
}

function chooseNode({ key, value }: Place, part: Part | undefined): Node | undefined {
  if (part === 'key') return key ?? value;
  if (part === 'value') return value ?? key;
  const isShort = value !== undefined && !isCollection(value) && !isEmpty(value);
  return isShort ? value : (key ?? value);
}

function memberOf(source: ManifestSource, parent: Node | undefined, token: string): Place | undefined {
  const node = isAlias(parent) ? parent.resolve(source.document) : parent;
  if (isMap(node)) {
    const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === token);
    return pair && { key: asNode(pair.key), value: asNode(pair.value) };
  }
  if (!isSeq(node)) return undefined;
  const item = asNode(node.items[Number(token)]);
  return item && { key: undefined, value: item };
}

/** The range of a node, ending with its first line. */
function spanOfNode(source: ManifestSource, node: Node | undefined): Span {
  const [start, end] = node?.range ?? [0, 0];
  const newline = source.text.slice(start, end).search(/\r?\n/);
  return spanOf(source, start, newline === -1 ? end : start + newline);
}

function isEmpty(node: Node): boolean {
  return node.range?.[0] === node.range?.[1];
}

function asNode(value: unknown): Node | undefined {
  return isNode(value) ? value : undefined;
}
