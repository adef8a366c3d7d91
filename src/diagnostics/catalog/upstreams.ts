/** Upstreams, requests to them, and the errors that come back. */
import { entry } from './entry.ts';
import { didYouMean, list, quote } from './words.ts';

export const UPSTREAMS = {
  'unknown-upstream': entry<{ readonly upstream: string; readonly suggestion?: string }>({
    severity: 'error',
    stage: 'manifest',
    message: ({ upstream, suggestion }) => `There is no upstream ${quote(upstream)}.${didYouMean(suggestion)}`,
    why: 'Requests go only to hosts that the manifest declares.',
    fix: ({ upstream }) => `Add ${quote(upstream)} to "upstreams", or name one that is there.`,
    example: 'upstreams:\n  billing:\n    baseUrl: { env: BILLING_API_URL }\n    allowedHosts: [api.billing.example]',
  }),
  'url-invalid': entry<{ readonly url: string; readonly problem: string }>({
    severity: 'error',
    stage: 'manifest',
    message: ({ url, problem }) => `${quote(url)} ${problem}.`,
    why: 'Credentials travel there: over TLS, to a host that can be named, and never inside the URL.',
    fix: () => 'Write an https URL without user, query and fragment; http only for localhost.',
    example: 'baseUrl: https://api.billing.example',
  }),
  'host-not-allowed': entry<{ readonly host: string; readonly allowed: readonly string[] }>({
    severity: 'error',
    stage: 'manifest',
    message: ({ host, allowed }) => `The host ${quote(host)} is not in "allowedHosts" (${list(allowed, 'and')}).`,
    why: 'The server would refuse to start.',
    fix: ({ host }) => `Add ${quote(host)} to "allowedHosts", or correct the URL.`,
    example: 'baseUrl: https://api.billing.example\nallowedHosts: [api.billing.example]',
  }),
  'upstream-scopes-unused': entry<{ readonly tool: string }>({
    severity: 'error',
    stage: 'manifest',
    message: ({ tool }) => `No upstream of ${quote(tool)} is given tokens that could carry "upstreamScopes".`,
    why: 'Its credential is the same for every tool, so the scopes would look like a limit, and be none.',
    fix: () =>
      'Remove "upstreamScopes", or give the upstream a credential that is obtained, such as oauth-client-credentials.',
    example:
      'credential:\n  type: oauth-client-credentials\n  tokenUrl: { env: BILLING_TOKEN_URL }\n  clientId: { env: BILLING_CLIENT_ID }\n  clientSecret: { secret: BILLING_CLIENT_SECRET }',
  }),
  'exchange-without-caller': entry<{ readonly upstream: string }>({
    severity: 'error',
    stage: 'manifest',
    message: ({ upstream }) => `${quote(upstream)} is called in the caller's name, but no caller comes with a token.`,
    why: "A token of the caller's is exchanged for one that the upstream takes; only callers over HTTP who sign in have one.",
    fix: () =>
      'Give "auth" the type oauth and "transports" http, or the upstream a credential of the server\'s own, such as oauth-client-credentials.',
    example:
      'server: { name: billing, version: 1.0.0, transports: [http] }\nauth: { type: oauth, issuer: { env: MCP_ISSUER }, audience: { env: MCP_AUDIENCE } }',
  }),
  'path-dot-segment': entry<{ readonly path: string }>({
    severity: 'error',
    stage: 'manifest',
    message: ({ path }) => `The path ${quote(path)} has a segment "." or "..", or an empty one.`,
    why: 'It would reach another resource than the one that is written.',
    fix: () => 'Write the path that is meant.',
    example: 'path: /v1/invoices/{invoice_id}',
  }),
  'header-reserved': entry<{ readonly header: string }>({
    severity: 'error',
    stage: 'manifest',
    message: ({ header }) => `The header ${quote(header)} is not a request's to set.`,
    why: 'The connection, the body or the credential decides it; a second opinion could smuggle a request or an identity.',
    fix: () => 'Remove it; use "credential" for authentication and "contentType" for the body.',
    example: 'headers: { X-Request-Source: "mcp" }',
  }),
  'body-not-sent': entry<{ readonly method: string }>({
    severity: 'error',
    stage: 'manifest',
    message: ({ method }) => `A ${method} request has no body.`,
    why: 'HTTP clients refuse to send one.',
    fix: () => 'Use "query", or another method.',
    example: 'method: GET\nquery: { status: $args#/status }',
  }),
  'request-not-read': entry<{ readonly method: string }>({
    severity: 'error',
    stage: 'manifest',
    message: ({ method }) => `A look-up or a precondition only reads; ${method} may change something.`,
    why: 'It is sent before anybody approved, as often as it takes, and after crashes.',
    fix: () => 'Use a GET or HEAD request that tells the same.',
    example: 'request: { upstream: billing, method: GET, path: /v1/refunds, query: { key: $operation.key } }',
  }),
  'response-without-request': entry<{ readonly tool: string }>({
    severity: 'error',
    stage: 'manifest',
    message: ({ tool }) =>
      `${quote(tool)} is a handler, so there is no answer that "response" could take its result from.`,
    why: 'A handler returns its result itself.',
    fix: () => 'Remove "response", or declare the "request".',
    example:
      'request: { upstream: billing, method: GET, path: /v1/invoices }\nresponse: { result: $response.body#/data }',
  }),
  'error-when-missing': entry<{ readonly code: string }>({
    severity: 'error',
    stage: 'manifest',
    message: ({ code }) => `The error ${code} does not say which answers mean it.`,
    why: 'There is no code that could raise it: a declared request has only its answer.',
    fix: () => 'Add "when" with a status, and a schema on the body where the status is not enough.',
    example:
      'errors:\n  - when: { status: 404 }\n    code: INVOICE_NOT_FOUND\n    category: not_found\n    message: There is no such invoice.',
  }),
  'error-when-unused': entry<{ readonly code: string; readonly tool: string }>({
    severity: 'error',
    stage: 'manifest',
    message: ({ code, tool }) =>
      `"when" of the error ${code} is never asked: ${quote(tool)} has a handler, not a request.`,
    why: 'It would look as if answers were mapped, and map nothing.',
    fix: ({ code }) => `Remove "when", and end the handler with ctx.fail('${code}').`,
    example: 'errors:\n  - code: ORDER_NOT_FOUND\n    category: not_found\n    message: There is no such order.',
  }),
  'error-code-ambiguous': entry<{ readonly code: string; readonly differs: string }>({
    severity: 'error',
    stage: 'manifest',
    message: ({ code, differs }) => `The code ${code} is used twice in one tool, with a different ${differs}.`,
    why: 'A caller decides by the code what to do next, so one code has one meaning.',
    fix: ({ differs }) => `Give one of them another code, or the same ${differs}.`,
    example: 'code: REFUND_EXCEEDS_LIMIT',
  }),
};
