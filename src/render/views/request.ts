/** A tool's declared request and errors as `kernel/tool.ts` declares them. */
import type { ErrorModel, RequestModel } from '../../model/project.ts';
import { expressionCode, segmentCode, templateCode, textCode } from '../expression-code.ts';
import type { Printable } from '../literal.ts';

/** `upstreamScopes`: what its token carries. */
export function requestOf(request: RequestModel, upstreamScopes: readonly string[] | undefined): Printable {
  return {
    upstream: request.upstream,
    method: request.method,
    path: request.path.map(segmentCode),
    query: request.query && mapMembers(request.query, templateCode),
    headers: request.headers && mapMembers(request.headers, textCode),
    body: request.body && templateCode(request.body),
    contentType: request.contentType,
    result: request.result && expressionCode(request.result),
    upstreamScopes,
  };
}

export function errorOf(error: ErrorModel): Printable {
  return {
    when: error.when && { status: error.when.status, body: error.when.condition },
    code: error.code,
    category: error.category,
    message: textCode(error.message),
    suggestedAction: error.suggestedAction,
    retryAfter: error.retryAfter && expressionCode(error.retryAfter),
    executed: error.executed,
    terminal: error.terminal || undefined,
  };
}

function mapMembers<Value>(members: Readonly<Record<string, Value>>, print: (value: Value) => Printable): Printable {
  return Object.fromEntries(Object.entries(members).map(([name, value]) => [name, print(value)]));
}
