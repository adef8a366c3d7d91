/** The HTTP request that a declared tool makes for its sample, so that the tests compare it with a literal. */
import type { TextTemplate } from '../../manifest/expressions.ts';
import type { Json, JsonObject, RequestModel } from '../../model/project.ts';
import { sampleExpression, sampleValue, UNKNOWN, type Unknown } from './sample-scope.ts';

/** What is absent is not compared: it holds a value that is decided only when the server runs. */
export interface RequestCase {
  readonly method: string;
  /** Percent-encoded, as it goes over the wire. */
  readonly path: string | undefined;
  readonly query: readonly (readonly [name: string, value: string])[] | undefined;
  /** Of a JSON body. */
  readonly body: Json | undefined;
}

export function requestCase(request: RequestModel, args: JsonObject): RequestCase {
  return {
    method: request.method,
    path: expectedPath(request, args),
    query: expectedQuery(request, args),
    body: expectedBody(request, args),
  };
}

function expectedPath(request: RequestModel, args: JsonObject): string | undefined {
  const segments = request.path.map((segment) => expectedSegment(segment, args));
  return segments.includes(undefined) ? undefined : new URL(`http://127.0.0.1/${segments.join('/')}`).pathname;
}

function expectedSegment(segment: TextTemplate, args: JsonObject): string | undefined {
  const parts = segment.map((part) => (typeof part === 'string' ? part : encode(sampleExpression(part, args))));
  return parts.includes(undefined) ? undefined : parts.join('');
}

function encode(value: Json | Unknown | undefined): string | undefined {
  return value === UNKNOWN || value === undefined ? undefined : encodeURIComponent(String(value));
}

function expectedQuery(request: RequestModel, args: JsonObject): RequestCase['query'] {
  const pairs: (readonly [string, string])[] = [];
  for (const [name, template] of Object.entries(request.query ?? {})) {
    const value = sampleValue(template, args);
    if (value === UNKNOWN) return undefined;
    // A list repeats its parameter; a value that is missing leaves it out.
    const items = Array.isArray(value) ? value : [value];
    pairs.push(...items.filter(isPresent).map((item) => [name, String(item)] as const));
  }
  return pairs;
}

function isPresent(item: Json | undefined): item is Json {
  return item !== undefined && item !== null;
}

function expectedBody(request: RequestModel, args: JsonObject): Json | undefined {
  if (request.body === undefined || request.contentType !== 'json') return undefined;
  const body = sampleValue(request.body, args);
  return body === UNKNOWN ? undefined : body;
}
