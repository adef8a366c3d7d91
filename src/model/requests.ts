/** A declared request with its expressions parsed. The loader has refused whatever does not parse. */
import {
  parseExpression,
  parsePath,
  parseText,
  parseValue,
  type Expression,
  type TextTemplate,
  type ValueTemplate,
} from '../manifest/expressions.ts';
import type { ManifestIdempotency, ManifestRequest, ManifestTool } from '../manifest/schema.ts';
import type { RequestModel } from './project.ts';

export function buildRequest(request: ManifestRequest, response: ManifestTool['response']): RequestModel {
  return {
    upstream: request.upstream,
    method: request.method,
    path: parsePath(request.path).value,
    query: mapMembers(request.query, (value) => parseValue(value).value),
    headers: mapMembers(request.headers, readText),
    body: request.body === undefined ? undefined : parseValue(request.body).value,
    contentType: request.contentType,
    result: response === undefined ? undefined : readExpression(response.result),
  };
}

/** The request of a tool, with the operation's key where the upstream takes it. */
export function buildToolRequest({ request, response, idempotency }: ManifestTool): RequestModel | undefined {
  const built = request && buildRequest(request, response);
  const key = idempotency?.upstreamKey;
  return built === undefined || key === undefined ? built : withUpstreamKey(built, key);
}

const OPERATION_KEY: Expression = { from: 'operation.key' };

/** The loader has refused requests that have a value in the key's place, or no object to put it in. */
function withUpstreamKey(request: RequestModel, key: NonNullable<ManifestIdempotency['upstreamKey']>): RequestModel {
  if ('header' in key) return { ...request, headers: { ...request.headers, [key.header]: [OPERATION_KEY] } };
  if (request.body?.kind !== 'object') throw new Error('The loader let a key pass into a body that is no object');
  const keyed = [key.body, { kind: 'expression', expression: OPERATION_KEY }] as const;
  return { ...request, body: { kind: 'object', members: [...request.body.members, keyed] } };
}

/** A text of the manifest; `$args#/x` alone is an expression, too. */
export function readText(text: string): TextTemplate {
  return parseText(text).value;
}

export function readExpression(text: string): Expression {
  const expression = parseExpression(text);
  if (expression === undefined) throw new Error(`The loader let ${JSON.stringify(text)} pass as an expression`);
  return expression;
}

function mapMembers<In, Out extends TextTemplate | ValueTemplate>(
  members: Readonly<Record<string, In>> | undefined,
  read: (member: In) => Out,
): Readonly<Record<string, Out>> | undefined {
  if (members === undefined) return undefined;
  return Object.fromEntries(Object.entries(members).map(([name, member]) => [name, read(member)] as const));
}
