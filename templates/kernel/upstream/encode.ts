/**
 * Turns a declared request and a call's values into the one HTTP request it stands for. Values reach it
 * only through these encoders, so that no argument can leave its place in the path, the query, a header or
 * the body.
 */
import { evaluate, Expression, fill, Text, type Scope, type Template } from '../expression.ts';
import { isJsonArray, isJsonObject, type JsonValue } from '../json.ts';
import type { RequestDeclaration } from '../tool.ts';
import { setHeader } from './headers.ts';
import { orderMembers } from './member-order.ts';
import { NotEncodable } from './not-encodable.ts';

/** Everything but the credential and the headers that every request has. */
export interface EncodedRequest {
  readonly method: RequestDeclaration['method'];
  readonly url: URL;
  readonly headers: Headers;
  readonly body: string | undefined;
}

export const CONTENT_TYPES = { json: 'application/json', form: 'application/x-www-form-urlencoded' } as const;

/** Throws `NotEncodable`. */
export function encodeRequest(request: RequestDeclaration, baseUrl: URL, given: Scope): EncodedRequest {
  const scope = { ...given, args: orderMembers(given.args) };
  const headers = encodeHeaders(request.headers ?? {}, scope);
  const body = request.body === undefined ? undefined : fill(request.body, scope);
  if (body !== undefined) headers.set('content-type', CONTENT_TYPES[request.contentType]);
  return {
    method: request.method,
    url: joinUrl(baseUrl, encodePath(request.path, scope), encodeQuery(request.query ?? {}, scope)),
    headers,
    body: body === undefined ? undefined : encodeBody(body, request),
  };
}

/** The base URL's origin and path, then the given path. Throws where the result would leave the origin. */
export function joinUrl(baseUrl: URL, path: string, query: URLSearchParams): URL {
  const url = new URL(`${baseUrl.origin}${baseUrl.pathname.replace(/\/$/, '')}/${path}`);
  if (url.origin !== baseUrl.origin) throw new Error(`A request would have gone to ${url.origin}`);
  url.search = query.toString();
  return url;
}

function encodePath(path: RequestDeclaration['path'], scope: Scope): string {
  return path.map((segment) => (typeof segment === 'string' ? segment : fillSegment(segment, scope))).join('/');
}

function fillSegment(segment: Expression | Text, scope: Scope): string {
  const parts = segment instanceof Text ? segment.parts : [segment];
  const encoded = parts.map((part) => {
    if (typeof part === 'string') return part;
    const value = scalarOf(part, scope);
    if (value === undefined) throw new NotEncodable(fieldOf(part), 'is needed: it is part of a path');
    return encodeComponent(value, fieldOf(part));
  });
  return wholeSegment(encoded.join(''), fieldOf(parts.find((part) => part instanceof Expression)));
}

/** One path segment. Throws `NotEncodable` for what a URL would not keep as a segment of its own. */
export function encodeSegment(value: string): string {
  return wholeSegment(encodeComponent(value, ''), '');
}

function encodeComponent(value: string, field: string): string {
  return encodeURIComponent(wellFormed(value, field));
}

function wholeSegment(encoded: string, field: string): string {
  if (encoded === '') throw new NotEncodable(field, 'must not be empty: it is part of a path');
  if (encoded === '.' || encoded === '..') {
    throw new NotEncodable(field, 'must not be "." or "..": it is part of a path');
  }
  return encoded;
}

function encodeQuery(query: { readonly [name: string]: Template }, scope: Scope): URLSearchParams {
  const encoded = new URLSearchParams();
  for (const [name, template] of Object.entries(query)) {
    const value = template instanceof Text ? scalarText(template, scope) : fill(template, scope);
    appendTo(encoded, name, value, fieldOf(template));
  }
  return encoded;
}

/** Scalars as one parameter, arrays of scalars as one parameter each; absent and null values are left out. */
export function appendTo(parameters: URLSearchParams, name: string, value: JsonValue | undefined, field: string): void {
  for (const item of isJsonArray(value) ? value : [value]) {
    if (item === undefined || item === null) continue;
    if (typeof item === 'object') throw new NotEncodable(field, 'must be text, a number, a boolean or a list of these');
    parameters.append(name, wellFormed(String(item), field));
  }
}

function encodeHeaders(declared: { readonly [name: string]: Text }, scope: Scope): Headers {
  const headers = new Headers();
  for (const [name, value] of Object.entries(declared)) {
    const isAbsent = value.parts.every((part) => typeof part !== 'string' && scalarOf(part, scope) === undefined);
    if (isAbsent) continue;
    const field = fieldOf(value.parts.find((part) => part instanceof Expression));
    setHeader(headers, { name, value: scalarText(value, scope), field });
  }
  return headers;
}

function encodeBody(body: JsonValue, request: RequestDeclaration): string {
  if (request.contentType === 'json') return JSON.stringify(body);
  const template = request.body;
  if (!isJsonObject(body)) throw new NotEncodable(fieldOf(template), 'must be an object: it is a form');
  const form = new URLSearchParams();
  for (const [name, member] of Object.entries(body)) {
    const source = isJsonObject(template) && !(template instanceof Expression) ? template[name] : template;
    appendTo(form, name, member, fieldOf(source));
  }
  return form.toString();
}

function scalarText(value: Text, scope: Scope): string {
  return value.parts.map((part) => (typeof part === 'string' ? part : (scalarOf(part, scope) ?? ''))).join('');
}

/** A value as text; `undefined` where there is none. Only scalars have a text of their own. */
function scalarOf(expression: Expression, scope: Scope): string | undefined {
  const value = evaluate(expression, scope);
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'object') throw new NotEncodable(fieldOf(expression), 'must be text, a number or a boolean');
  return String(value);
}

/** A lone surrogate has no encoding: it would arrive as another character. */
function wellFormed(value: string, field: string): string {
  if (/\p{Surrogate}/u.test(value)) throw new NotEncodable(field, 'must be well-formed Unicode');
  return value;
}

/** The argument that a template takes its value from; the root where it is none, or not one alone. */
function fieldOf(template: Template | undefined): string {
  return template instanceof Expression && template.source.from === 'args' ? template.source.pointer : '';
}
