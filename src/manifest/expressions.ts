/**
 * Parses runtime expressions and the texts and templates that hold them. Nothing here throws: what could not
 * be parsed is listed in `errors`, and a value is complete only where that list is empty.
 */
import { member } from './pointer.ts';

/** One parsed expression, e.g. `$args#/invoice_id` → `{ from: 'args', pointer: '/invoice_id' }`. */
export type Expression =
  | { readonly from: 'args'; readonly pointer: string }
  | { readonly from: 'response.body'; readonly pointer: string }
  | { readonly from: 'response.header'; readonly name: string }
  | { readonly from: 'response.status' }
  | { readonly from: 'principal.subject' }
  | { readonly from: 'principal.tenant' }
  | { readonly from: 'operation.key' };

/** Text with expressions: plain strings and expressions, in order. */
export type TextTemplate = readonly (string | Expression)[];

/** JSON with texts and expressions at its leaves. */
export type ValueTemplate =
  | { readonly kind: 'literal'; readonly value: string | number | boolean | null }
  | { readonly kind: 'expression'; readonly expression: Expression }
  | { readonly kind: 'text'; readonly text: TextTemplate }
  | { readonly kind: 'array'; readonly items: readonly ValueTemplate[] }
  | { readonly kind: 'object'; readonly members: readonly (readonly [name: string, member: ValueTemplate])[] };

export interface Parsed<Value> {
  readonly value: Value;
  readonly errors: readonly ExpressionError[];
}

/** Text that looks like an expression and is none. */
export interface ExpressionError {
  /** JSON Pointer from the parsed value to the string at fault; empty for a text or a path. */
  readonly pointer: string;
  /** Where in that string the fault starts, in UTF-16 code units. */
  readonly offset: number;
  /** What was written there. */
  readonly written: string;
}

/** An expression and nothing else; `undefined` where the text is none. */
export function parseExpression(text: string): Expression | undefined {
  switch (text) {
    case '$response.status':
      return { from: 'response.status' };
    case '$principal.subject':
      return { from: 'principal.subject' };
    case '$principal.tenant':
      return { from: 'principal.tenant' };
    case '$operation.key':
      return { from: 'operation.key' };
  }
  const [, from, pointer] = /^\$(args|response\.body)#(.*)$/s.exec(text) ?? [];
  if (from === 'args' || from === 'response.body') return parsePointerExpression(from, pointer ?? '');
  const [, name] = /^\$response\.header\.([A-Za-z0-9-]+)$/.exec(text) ?? [];
  return name === undefined ? undefined : { from: 'response.header', name };
}

function parsePointerExpression(from: 'args' | 'response.body', pointer: string): Expression | undefined {
  const isPointer = /^(\/([^~/]|~[01])*)*$/s.test(pointer);
  return isPointer ? { from, pointer } : undefined;
}

/**
 * Text with expressions in braces: `Invoice {$args#/id} is gone.` → `['Invoice ', args('/id'), ' is gone.']`.
 * A brace that does not start `{$` is a brace. A text that is one expression and nothing else needs no braces.
 */
export function parseText(text: string): Parsed<TextTemplate> {
  const whole = parseExpression(text);
  if (whole !== undefined) return { value: [whole], errors: [] };
  const parts: (string | Expression)[] = [];
  const errors: ExpressionError[] = [];
  let from = 0;
  for (let open = text.indexOf('{$'); open !== -1; open = text.indexOf('{$', from)) {
    const close = text.indexOf('}', open);
    const end = close === -1 ? text.length : close + 1;
    const written = text.slice(open, end);
    const expression = parseExpression(written.slice(1, -1));
    if (close === -1 || expression === undefined) errors.push({ pointer: '', offset: open, written });
    parts.push(text.slice(from, open), expression ?? written);
    from = end;
  }
  parts.push(text.slice(from));
  return { value: parts.filter((part) => part !== ''), errors };
}

/**
 * JSON whose strings may be an expression (`$args#/amount`), or a text with expressions in braces. A string
 * that starts with a dollar sign is meant as an expression; `$$5` stands for the plain string `$5`.
 */
export function parseValue(json: unknown): Parsed<ValueTemplate> {
  const errors: ExpressionError[] = [];
  return { value: parseNode(json, '', errors), errors };
}

function parseNode(json: unknown, pointer: string, errors: ExpressionError[]): ValueTemplate {
  if (typeof json === 'string') return parseString(json, pointer, errors);
  if (json === null || typeof json === 'number' || typeof json === 'boolean') return { kind: 'literal', value: json };
  if (Array.isArray(json)) {
    return { kind: 'array', items: json.map((item, index) => parseNode(item, member(pointer, index), errors)) };
  }
  const members = Object.entries(json as Readonly<Record<string, unknown>>);
  return {
    kind: 'object',
    members: members.map(([name, value]) => [name, parseNode(value, member(pointer, name), errors)]),
  };
}

function parseString(string: string, pointer: string, errors: ExpressionError[]): ValueTemplate {
  if (string.startsWith('$$')) return { kind: 'literal', value: string.slice(1) };
  if (string.startsWith('$')) {
    const expression = parseExpression(string);
    if (expression !== undefined) return { kind: 'expression', expression };
    errors.push({ pointer, offset: 0, written: string });
  }
  const text = parseText(string);
  errors.push(...text.errors.map((error) => ({ ...error, pointer })));
  return text.value.some((part) => typeof part !== 'string')
    ? { kind: 'text', text: text.value }
    : { kind: 'literal', value: string };
}

/**
 * The segments of a request's path: `/v1/{invoice_id}/lines` → `[['v1'], [args('/invoice_id')], ['lines']]`.
 * `{name}` is short for `{$args#/name}`. A trailing slash gives an empty last segment; braces are never plain.
 */
export function parsePath(path: string): Parsed<readonly TextTemplate[]> {
  const segments: (string | Expression)[][] = [];
  const errors: ExpressionError[] = [];
  let current: (string | Expression)[] = [];
  for (const match of path.matchAll(/\/|\{[^{}]*\}|[^/{}]+|[{}]/g)) {
    const [token] = match;
    if (token === '/') segments.push((current = []));
    else if (/^[{}]/.test(token)) {
      const expression = parsePlaceholder(token.slice(1, -1));
      if (expression === undefined) errors.push({ pointer: '', offset: match.index, written: token });
      current.push(expression ?? token);
    } else current.push(token);
  }
  return { value: segments, errors };
}

function parsePlaceholder(inside: string): Expression | undefined {
  if (inside.startsWith('$')) return parseExpression(inside);
  return inside === '' ? undefined : { from: 'args', pointer: member('', inside) };
}
