/**
 * Runtime expressions: where a value of a request, a key or a message comes from. They are OpenAPI's
 * (`$args#/invoice_id`, `$response.body#/data`), written here as data so that generated files can be read
 * and nothing has to be parsed at run time.
 */
import { isJsonObject, valueAt, type JsonObject, type JsonValue } from './json.ts';

export type Source =
  | { readonly from: 'args'; readonly pointer: string }
  | { readonly from: 'response.body'; readonly pointer: string }
  | { readonly from: 'response.header'; readonly name: string }
  | { readonly from: 'response.status' }
  | { readonly from: 'principal.subject' }
  | { readonly from: 'principal.tenant' }
  | { readonly from: 'operation.key' };

/** One expression; a class, so that no JSON of a caller can ever be mistaken for one. */
export class Expression {
  readonly source: Source;
  constructor(source: Source) {
    this.source = source;
  }
}

/** Text with expressions in it. */
export class Text {
  readonly parts: readonly (string | Expression)[];
  constructor(parts: readonly (string | Expression)[]) {
    this.parts = parts;
  }
}

/** JSON with expressions at its leaves: the body of a request. */
export type Template = JsonValue | Expression | Text | readonly Template[] | { readonly [name: string]: Template };

export const args = (pointer: string): Expression => new Expression({ from: 'args', pointer });
export const responseBody = (pointer: string): Expression => new Expression({ from: 'response.body', pointer });
export const responseHeader = (name: string): Expression => new Expression({ from: 'response.header', name });
export const responseStatus = new Expression({ from: 'response.status' });
export const principalSubject = new Expression({ from: 'principal.subject' });
export const principalTenant = new Expression({ from: 'principal.tenant' });
export const operationKey = new Expression({ from: 'operation.key' });
export const text = (...parts: readonly (string | Expression)[]): Text => new Text(parts);

/** What expressions are evaluated against; parts that do not exist yet are absent. */
export interface Scope {
  readonly args: JsonObject;
  readonly principal: { readonly subject: string; readonly tenant?: string };
  readonly operationKey?: string;
  readonly response?: { readonly status: number; readonly headers: Headers; readonly body: JsonValue | undefined };
}

/** The value of an expression; `undefined` where the scope has none. */
export function evaluate(expression: Expression, scope: Scope): JsonValue | undefined {
  const { source } = expression;
  switch (source.from) {
    case 'args':
      return valueAt(scope.args, source.pointer);
    case 'response.body':
      return valueAt(scope.response?.body, source.pointer);
    case 'response.header':
      return scope.response?.headers.get(source.name) ?? undefined;
    case 'response.status':
      return scope.response?.status;
    case 'principal.subject':
      return scope.principal.subject;
    case 'principal.tenant':
      return scope.principal.tenant;
    case 'operation.key':
      return scope.operationKey;
  }
}

/** Text with every expression filled in; strings as they are, anything else as JSON, a missing value as nothing. */
export function renderText(value: Text, scope: Scope): string {
  return value.parts.map((part) => (typeof part === 'string' ? part : display(evaluate(part, scope)))).join('');
}

function display(value: JsonValue | undefined): string {
  if (value === undefined) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** A template with every expression filled in; members and items without a value are left out. */
export function fill(template: Template, scope: Scope): JsonValue | undefined {
  if (template instanceof Expression) return evaluate(template, scope);
  if (template instanceof Text) return renderText(template, scope);
  if (Array.isArray(template)) {
    return (template as readonly Template[]).map((item) => fill(item, scope)).filter((item) => item !== undefined);
  }
  if (!isObject(template)) return template as JsonValue;
  const entries = Object.entries(template).map(([name, member]) => [name, fill(member, scope)] as const);
  return Object.fromEntries(entries.filter((entry): entry is readonly [string, JsonValue] => entry[1] !== undefined));
}

function isObject(template: Template): template is { readonly [name: string]: Template } {
  return isJsonObject(template);
}
