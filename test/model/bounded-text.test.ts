import { expect, onTestFinished, test, vi } from 'vitest';

import { SCHEMA_DEFAULTS } from '../../src/manifest/schema.ts';
import { hardenInput } from '../../src/model/hardening/harden-schema.ts';
import type { JsonObject } from '../../src/model/project.ts';
import { compileSchema } from '../../src/model/validators.ts';

const SLOW = String.raw`^\d+\d+$`;

/** Validates a text as an argument; says which patterns saw texts of which length. Runs none on a text that is long. */
function validateText(schema: JsonObject, text: string) {
  const input = hardenInput({ type: 'object', properties: { text: schema } }, SCHEMA_DEFAULTS);
  const { validate } = compileSchema(input, 'input');
  const seen: number[] = [];
  const test = RegExp.prototype.test;
  const spy = vi.spyOn(RegExp.prototype, 'test').mockImplementation(function (this: RegExp, value: string) {
    if (this.source !== schema['pattern']) return test.call(this, value);
    seen.push(value.length);
    return value.length <= 10_000 && test.call(this, value);
  });
  onTestFinished(() => spy.mockRestore());
  const isValid = validate({ text });
  spy.mockRestore();
  return { isValid, seen, rules: (validate.errors ?? []).map(({ keyword }) => keyword) };
}

test('a text that is too long is refused by its length, and no pattern is run on it', () => {
  const text = `${'1'.repeat(900_000)}x`;
  const refused = { isValid: false, seen: [], rules: ['maxLength'] };
  expect(validateText({ type: 'string', pattern: SLOW, maxLength: 1000 }, text)).toEqual(refused);
  expect(validateText({ type: 'string', pattern: SLOW }, text)).toEqual(refused);
});

test('within its length a text has to match', () => {
  const schema: JsonObject = { type: 'string', pattern: SLOW, maxLength: 5 };
  expect(validateText(schema, '12345')).toEqual({ isValid: true, seen: [5], rules: [] });
  expect(validateText(schema, '1234x')).toEqual({ isValid: false, seen: [5], rules: ['pattern'] });
  expect(validateText(schema, '12345x')).toEqual({ isValid: false, seen: [], rules: ['maxLength'] });
});

test('length is counted in characters, as maxLength counts it', () => {
  const schema: JsonObject = { type: 'string', pattern: '^🐲+$', maxLength: 3 };
  expect(validateText(schema, '🐲🐲🐲')).toEqual({ isValid: true, seen: [6], rules: [] });
  expect(validateText(schema, '🐲🐲a')).toEqual({ isValid: false, seen: [5], rules: ['pattern'] });
  expect(validateText(schema, '🐲🐲🐲🐲')).toEqual({ isValid: false, seen: [], rules: ['maxLength'] });
});

test('a schema without a length still has its pattern', () => {
  const schema: JsonObject = { pattern: '^[a-z]+$' };
  expect(validateText(schema, 'a'.repeat(9000))).toEqual({ isValid: true, seen: [9000], rules: [] });
  expect(validateText(schema, `${'a'.repeat(9000)}!`)).toEqual({ isValid: false, seen: [9001], rules: ['pattern'] });
});

test('a format is run on no text that is too long either', () => {
  const schema: JsonObject = { type: 'string', format: 'url', maxLength: 20 };
  const validate = (text: string) => {
    const { validate: isValid } = compileSchema({ type: 'object', properties: { text: schema } }, 'input');
    return isValid({ text }) ? [] : (isValid.errors ?? []).map(({ keyword }) => keyword);
  };
  expect(validate('https://example.org/')).toEqual([]);
  expect(validate('example.org')).toEqual(['format']);
  expect(validate('https://example.org/1')).toEqual(['maxLength']);
  expect(validate(`:${'@'.repeat(900_000)}`)).toEqual(['maxLength']);
});

test('a number has its format with and without a length', () => {
  const { validate } = compileSchema({ type: ['integer', 'string'], format: 'int32', maxLength: 5 }, 'input');
  expect([2 ** 31 - 1, 2 ** 31, 'a text'.slice(2)].map((value) => validate(value))).toEqual([true, false, true]);
});
