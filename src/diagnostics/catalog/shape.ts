/** The manifest's shape: keys, types, formats and bounds of single values. */
import { entry } from './entry.ts';
import { didYouMean, list, quote } from './words.ts';

export const SHAPE = {
  'unknown-key': entry<{
    readonly key: string;
    readonly known: readonly string[];
    readonly suggestion?: string;
  }>({
    severity: 'error',
    stage: 'manifest',
    message: ({ key, suggestion }) => `There is no key ${quote(key)} here.${didYouMean(suggestion)}`,
    why: 'A misspelt guard would silently guard nothing.',
    fix: ({ known }) => (known.length === 0 ? 'Remove it.' : `Remove it, or use one of ${list(known)}.`),
    example: 'mutability: read-only',
  }),
  'missing-field': entry<{ readonly field: string; readonly expected: string }>({
    severity: 'error',
    stage: 'manifest',
    message: ({ field }) => `The field ${quote(field)} is missing.`,
    why: 'There is no safe default for it.',
    fix: ({ field, expected }) => `Add ${quote(field)}: ${expected}.`,
    example: 'mutability: read-only  # read-only | additive | destructive | irreversible',
  }),
  'wrong-type': entry<{ readonly expected: string; readonly got: string }>({
    severity: 'error',
    stage: 'manifest',
    message: ({ expected, got }) => `Expected ${expected}, got ${got}.`,
    why: 'Nothing is converted: what is written is what is meant.',
    fix: ({ expected, got }) =>
      /\b(string|text)\b/.test(expected) && /^(number|true|false)/.test(got)
        ? 'Put it in quotes.'
        : `Write ${expected}.`,
    example: 'server: { name: billing, version: "1.0.0" }',
  }),
  'wrong-format': entry<{ readonly got: string; readonly rule: string }>({
    severity: 'error',
    stage: 'manifest',
    message: ({ got, rule }) => `${got} ${rule}.`,
    why: 'The value ends up in code, headers or keys, where anything else would break or change its meaning.',
    fix: () => 'Write it in the form that is named above.',
    example: 'timeout: 10s\nmaxResponseBytes: 1MB',
  }),
  'not-one-of': entry<{ readonly got: string; readonly valid: readonly string[]; readonly suggestion?: string }>({
    severity: 'error',
    stage: 'manifest',
    message: ({ got, suggestion }) => `${got} is not one of the values that are known here.${didYouMean(suggestion)}`,
    why: 'Each value stands for something that the server does; an unknown one would stand for nothing.',
    fix: ({ valid }) => `Use ${list(valid)}.`,
    example: 'transports: [stdio, http]',
  }),
  'out-of-range': entry<{
    readonly what: 'value' | 'length' | 'number of entries';
    readonly bound: 'least' | 'most';
    readonly limit: number;
    readonly got: string;
  }>({
    severity: 'error',
    stage: 'manifest',
    message: ({ what, bound, limit, got }) => `The ${what} must be at ${bound} ${limit}, got ${got}.`,
    why: 'Beyond the bound the server could not keep what it promises.',
    fix: ({ bound, limit }) => `Use at ${bound} ${limit}.`,
    example: 'retries: { attempts: 3 }',
  }),
};
