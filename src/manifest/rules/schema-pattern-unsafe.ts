import { finding, type Finding } from '../finding.ts';
import { rootSchemas, subschemas, type PlacedSchema, type RootSchema } from '../json-schema.ts';
import { isCheapWhenEmpty, judgePattern } from '../patterns/judge-pattern.ts';
import { isObject, member } from '../pointer.ts';
import type { Manifest } from '../schema.ts';
import { longestBody, longestText } from '../text-bounds.ts';

/** Patterns with which one text can keep a server busy. Runs none of them, as other rules do. */
export function findUnsafePatterns(manifest: Manifest): Finding[] {
  return rootSchemas(manifest).flatMap((root) =>
    subschemas(root).flatMap((place) => checkPatterns(place, root, manifest)),
  );
}

function checkPatterns(place: PlacedSchema, root: RootSchema, manifest: Manifest): Finding[] {
  const { schema, pointer } = place;
  if (typeof schema === 'boolean') return [];
  const { pattern, patternProperties } = schema;
  const named = isObject(patternProperties) ? Object.keys(patternProperties) : [];
  const ofText = { pointer: `${pointer}/pattern`, part: 'value', longest: longestText(place, root, manifest) } as const;
  return [
    ...(typeof pattern === 'string' ? check(pattern, ofText) : []),
    ...named.flatMap((name) => {
      const ofName = { pointer: member(pointer, 'patternProperties', name), part: 'key' } as const;
      return check(name, { ...ofName, longest: longestBody(root, manifest) });
    }),
  ];
}

interface Use {
  readonly pointer: string;
  readonly part: 'key' | 'value';
  /** Of the texts that it is run on, in characters. */
  readonly longest: number;
}

function check(pattern: string, { pointer, part, longest }: Use): Finding[] {
  if (!compiles(pattern)) return [];
  const growth = judgePattern(pattern, longest);
  return growth === undefined ? [] : [finding('schema-pattern-unsafe', pointer, { pattern, longest, growth }, part)];
}

/** Others have an error of their own. */
function compiles(pattern: string): boolean {
  try {
    const compiled = new RegExp(pattern, 'u');
    // Some that are too large are refused only when they are used.
    if (isCheapWhenEmpty(pattern)) compiled.test('');
    return true;
  } catch {
    return false;
  }
}
