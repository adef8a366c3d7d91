import { fullFormats } from 'ajv-formats/dist/formats.js';
import { expect, test } from 'vitest';

import { judgePattern } from '../../src/manifest/patterns/judge-pattern.ts';
import { findingsAfter, type SmallManifest, toolOf } from './small-manifest.ts';

const ID = '/tools/0/inputSchema/properties/id';
const SLOW = String.raw`^\d+\d+$`;

/** Judged as for a text that has the default cap. */
const judge = (pattern: string) => judgePattern(pattern, 10_000);

function setId(schema: object) {
  return (manifest: SmallManifest) => {
    toolOf(manifest, 0).inputSchema = { type: 'object', required: ['id'], properties: { id: schema } };
  };
}

test.each([
  '^(a+)+$',
  '^(a|a)*$',
  '(.*)*x',
  String.raw`^(\w+\s?)*$`,
  '^(?:a|b|ab)+$',
  '^(a|a){50}$',
  '^(?:a{1,5}){12}$',
  '^(?:[a-z]{1,9} ?){1,9}$',
  `${'(a|a)'.repeat(3)}(?:b*)*$`,
])('%s is exponential', (pattern) => {
  expect(judge(pattern)).toEqual({ kind: 'exponential' });
});

test.each([
  ['^(?:|){50}x$', 'it counts how often something is repeated that may be empty'],
  ['^(a?){50}a{50}$', 'it counts how often something is repeated that may be empty'],
  [`^${'(a|a)'.repeat(30)}$`, 'it has too many optional parts and alternatives'],
  [`^${'a?'.repeat(30)}a{30}$`, 'it has too many optional parts and alternatives'],
  ['^(?=(a+)+$)a', 'it looks ahead or behind'],
  ['^(a|a)*(?=b)', 'it looks ahead or behind'],
  ['(?<=(a+)+)b', 'it looks ahead or behind'],
  [String.raw`^(.+)\1$`, 'it refers back to what it matched'],
  ['^(?i:(?:a|A){40})$', 'it changes its flags'],
  [`^${'(?:a*b)*'.repeat(300)}$`, 'it is too long'],
])('%s is not taken for safe', (pattern, reason) => {
  expect(judge(pattern)).toEqual({ kind: 'undecided', reason });
});

test.each([
  '^inv_[a-z0-9]{8,24}$',
  '^(?:[a-z]+-)*[a-z]+$',
  '^[a-z0-9]+(?:-[a-z0-9]+)*$',
  String.raw`^\p{L}+$`,
  String.raw`^(?:\d{3}-?){40}$`,
  '^(?=.*[a-z])(?=.*[0-9])[A-Za-z0-9]{8,}$',
  String.raw`^(?!.*\.\.)(?:[a-z]+\.)*[a-z]+$`,
  String.raw`^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,}$`,
  String.raw`^\w{1,50}(?:[ -]\w{1,50}){0,5}$`,
  String.raw`^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)\.){3}(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)$`,
])('%s is safe', (pattern) => {
  expect(judge(pattern)).toBeUndefined();
});

test('a text may be so long that its length to the power of the degree is a hundred million', () => {
  const degree = (length: number, pattern: string) => judgePattern(pattern, length);
  expect(degree(10_000, SLOW)).toBeUndefined();
  expect(degree(10_001, SLOW)).toEqual({ kind: 'polynomial', degree: 2 });
  expect(degree(464, String.raw`^\d+\d+\d+$`)).toBeUndefined();
  expect(degree(465, String.raw`^\d+\d+\d+$`)).toEqual({ kind: 'polynomial', degree: 3 });
  expect(degree(4, '^(a+)+$')).toEqual({ kind: 'exponential' });
});

test('what bounds a text is its own maxLength, else the cap where that is added', () => {
  const unsafe = [`schema-pattern-unsafe ${ID}/pattern`];
  expect(findingsAfter(setId({ type: 'string', pattern: SLOW }))).toEqual([]);
  expect(findingsAfter(setId({ type: 'string', pattern: SLOW, maxLength: 10_000 }))).toEqual([]);
  expect(findingsAfter(setId({ type: 'string', pattern: SLOW, maxLength: 10_001 }))).toEqual(unsafe);
  expect(findingsAfter(setId({ type: 'string', pattern: SLOW, minLength: 10_001 }))).toEqual(unsafe);
  expect(findingsAfter(setId({ type: 'string', pattern: SLOW, format: 'date' }))).toEqual(unsafe);
  expect(findingsAfter(setId({ pattern: SLOW }))).toEqual(unsafe);
  const withCap = (maxLength: number) => (manifest: SmallManifest) => {
    setId({ type: 'string', pattern: SLOW })(manifest);
    Object.assign(manifest, { defaults: { schema: { maxLength } } });
  };
  expect(findingsAfter(withCap(10_000))).toEqual([]);
  expect(findingsAfter(withCap(10_001))).toEqual(unsafe);
});

test('where hardening changes nothing, a text is as long as a body', () => {
  const text = { type: 'string', pattern: SLOW };
  expect(findingsAfter(setId({ type: 'string', not: text }))).toEqual([`schema-pattern-unsafe ${ID}/not/pattern`]);
  expect(findingsAfter(setId({ type: 'string', not: { ...text, maxLength: 9 } }))).toEqual([]);
  const elsewhere = (keyword: string) => (manifest: SmallManifest) => {
    setId({ type: 'string', [keyword]: [{ $ref: '#/$defs/text' }, { type: 'string', minLength: 1 }] })(manifest);
    Object.assign(toolOf(manifest, 0).inputSchema as object, { $defs: { text } });
  };
  expect(findingsAfter(elsewhere('allOf'))).toEqual([]);
  expect(findingsAfter(elsewhere('oneOf'))).toEqual(['schema-pattern-unsafe /tools/0/inputSchema/$defs/text/pattern']);
});

test('a URL is judged as a pattern that grows with the square, and other formats as what grows with the text', () => {
  const unsafe = [`schema-pattern-unsafe ${ID}/format`];
  expect(findingsAfter(setId({ type: 'string', format: 'url' }))).toEqual([]);
  expect(findingsAfter(setId({ type: 'string', format: 'url', maxLength: 10_000 }))).toEqual([]);
  expect(findingsAfter(setId({ type: 'string', format: 'url', maxLength: 10_001 }))).toEqual(unsafe);
  expect(findingsAfter(setId({ format: 'url' }))).toEqual(unsafe);
  expect(findingsAfter(setId({ format: 'uri' }))).toEqual([]);
});

/** Too complicated for the analysis. Long texts made of any of their parts take them a time that grows as the text does. */
const UNDECIDED = new Set(['duration', 'uri-reference']);

test.each(patternsOfFormats())('the format %s grows as the text does', (_, pattern) => {
  expect(judgePattern(pattern, 1_000_000)).toBeUndefined();
});

function patternsOfFormats(): readonly (readonly [format: string, pattern: string])[] {
  const formats = Object.entries(fullFormats).filter(([name]) => name !== 'url' && !UNDECIDED.has(name));
  return formats.flatMap(([name, format]) => (format instanceof RegExp ? [[name, format.source] as const] : []));
}

test('names of properties, results and conditions have no cap', () => {
  const schema = { type: 'object', properties: { n: { type: 'string', pattern: SLOW } } };
  expect(
    findingsAfter((manifest) =>
      Object.assign(toolOf(manifest, 0), {
        inputSchema: { type: 'object', properties: { id: {} }, required: ['id'], patternProperties: { '[a-z]+_': {} } },
        outputSchema: schema,
        errors: [{ when: { status: 404, body: schema }, code: 'GONE', category: 'not_found', message: 'Gone.' }],
      }),
    ),
  ).toEqual([
    'schema-pattern-unsafe /tools/0/inputSchema/patternProperties/[a-z]+_',
    'schema-pattern-unsafe /tools/0/outputSchema/properties/n/pattern',
    'schema-pattern-unsafe /tools/0/errors/0/when/body/properties/n/pattern',
  ]);
});

test('an answer may be longer than a call', () => {
  const setOutput = (maxResponseBytes: string) => (manifest: SmallManifest) => {
    toolOf(manifest, 0).outputSchema = { type: 'object', properties: { n: { pattern: '^(?:[a-z]+-)*[a-z]+$' } } };
    Object.assign(manifest.upstreams.store ?? {}, { maxResponseBytes });
  };
  expect(findingsAfter(setOutput('1MB'))).toEqual([]);
  expect(findingsAfter(setOutput('200MB'))).toEqual([
    'schema-pattern-unsafe /tools/0/outputSchema/properties/n/pattern',
  ]);
});
