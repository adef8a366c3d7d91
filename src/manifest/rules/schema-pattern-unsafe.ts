import { finding, type Finding } from '../finding.ts';
import { rootSchemas, subschemas, type PlacedSchema, type RootSchema } from '../json-schema.ts';
import { isCheapWhenEmpty, judgeFormat, judgePattern } from '../patterns/judge-pattern.ts';
import { isObject, member } from '../pointer.ts';
import type { Manifest } from '../schema.ts';
import { longestBody, longestText } from '../text-bounds.ts';

/** Patterns and formats with which one text can keep a server busy. Runs none of them, as other rules do. */
export function findUnsafePatterns(manifest: Manifest): Finding[] {
  return rootSchemas(manifest).flatMap((root) =>
    subschemas(root).flatMap((place) => checkPatterns(place, root, manifest)),
  );
}

function checkPatterns(place: PlacedSchema, root: RootSchema, manifest: Manifest): Finding[] {
  const { schema, pointer } = place;
  if (typeof schema === 'boolean') return [];
  const { pattern, format, patternProperties } = schema;
  const ofText = { longest: longestText(place, root, manifest), part: 'value' } as const;
  const ofName = { longest: longestBody(root, manifest), part: 'key' } as const;
  return [
    ...(typeof pattern === 'string' ? check(pattern, { ...ofText, pointer: `${pointer}/pattern` }) : []),
    ...(typeof format === 'string' ? check(format, { ...ofText, pointer: `${pointer}/format`, by: judgeFormat }) : []),
    ...(isObject(patternProperties) ? Object.keys(patternProperties) : []).flatMap((name) =>
      check(name, { ...ofName, pointer: member(pointer, 'patternProperties', name) }),
    ),
  ];
}

interface Use {
  readonly pointer: string;
  readonly part: 'key' | 'value';
  /** Of the texts that it is run on, in characters. */
  readonly longest: number;
  readonly by?: typeof judgePattern;
}

function check(pattern: string, { pointer, part, longest, by = judgeValidPattern }: Use): Finding[] {
  const growth = by(pattern, longest);
  return growth === undefined ? [] : [finding('schema-pattern-unsafe', pointer, { pattern, longest, growth }, part)];
}

function judgeValidPattern(pattern: string, longest: number): ReturnType<typeof judgePattern> {
  return compiles(pattern) ? judgePattern(pattern, longest) : undefined;
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
