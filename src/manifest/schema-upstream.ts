/** The manifest's upstreams, the requests that go to them, and the errors that come back. */
import { z } from 'zod';

import {
  duration,
  errorCode,
  expression,
  headerName,
  hostName,
  json,
  jsonSchema,
  referenceName,
  scopeName,
  secretReference,
  setting,
  size,
} from './values.ts';

const clientCredentials = {
  tokenUrl: setting.describe('Where tokens are issued.'),
  clientId: setting.describe('Who this server is to the token issuer.'),
  clientSecret: secretReference.describe('The variable that holds the secret.'),
  audience: z.string().min(1).optional().describe('Whom the token is meant for, where the issuer takes an `audience`.'),
  resource: z.url().optional().describe('What the token is meant for, where the issuer takes a `resource` (RFC 8707).'),
  scopes: z
    .array(scopeName)
    .min(1)
    .optional()
    .describe('What the tokens of tools carry that have no `upstreamScopes`. Default: what the issuer gives.'),
};

/** What authenticates the server to its upstream. The model never sees it. */
export const credential = z
  .discriminatedUnion('type', [
    z.strictObject({ type: z.literal('none') }),
    z.strictObject({
      type: z.literal('bearer'),
      token: secretReference.describe('The variable that holds the token.'),
    }),
    z.strictObject({
      type: z.literal('api-key'),
      key: secretReference.describe('The variable that holds the key.'),
      header: headerName.default('X-API-Key').describe('The header that carries the key.'),
    }),
    z.strictObject({
      type: z.literal('basic'),
      username: setting.describe('The user.'),
      password: secretReference.describe('The variable that holds the password.'),
    }),
    z.strictObject({ type: z.literal('oauth-client-credentials'), ...clientCredentials }),
    z.strictObject({
      type: z.literal('oauth-token-exchange'),
      ...clientCredentials,
      actorToken: secretReference
        .optional()
        .describe("The variable that holds this server's own token, where the issuer asks who acts for the caller."),
    }),
    z.strictObject({ type: z.literal('provider') }),
  ])
  .meta({ id: 'credential', description: 'What authenticates this server to an upstream. The model never sees it.' });

const ERROR_CATEGORIES = [
  'invalid_input',
  'unauthenticated',
  'permission_denied',
  'not_found',
  'conflict',
  'failed_precondition',
  'rate_limited',
  'unavailable',
  'cancelled',
  'upstream_error',
  'internal',
] as const;

const statusCode = z.int().min(100).max(599);

/** When an answer of the upstream, or a handler's `ctx.fail`, becomes which error of the tool. */
export const errorMapping = z
  .strictObject({
    when: z
      .strictObject({
        status: z.union([statusCode, z.array(statusCode).min(1)]).describe('One status, or several.'),
        body: jsonSchema.optional().describe('JSON Schema on the body of the answer.'),
      })
      .optional()
      .describe(
        'Which answers are meant. Needed where there is a request; without it only `ctx.fail` gives this error.',
      ),
    code: errorCode.describe('What callers decide by. One code has one meaning.'),
    category: z.enum(ERROR_CATEGORIES).describe('Its class: what the caller may do next follows from it.'),
    message: z.string().min(1).max(2_000).describe('Text for the model; expressions in braces.'),
    suggestedAction: z.string().min(1).max(500).optional().describe('What the model should do next.'),
    retryAfter: expression.optional().describe('Where the answer says when to try again: seconds or an HTTP date.'),
    executed: z
      .enum(['no', 'yes', 'unknown'])
      .optional()
      .describe('Whether the effect happened although the upstream answered so. Default: from the status.'),
    terminal: z
      .literal(true)
      .optional()
      .describe('The refusal is the final answer for this key; without it the key is free again.'),
  })
  .meta({ id: 'error', description: 'An error with a meaning: when it is meant, and what the caller is told.' });

/** A declared HTTP request. Arguments reach it only through typed encoders. */
export const request = z
  .strictObject({
    upstream: referenceName.describe('One of `upstreams`.'),
    method: z.enum(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']).describe('The HTTP method.'),
    path: z
      .string()
      .regex(/^\/([^?#{}]|\{[^{}]*\})*$/, 'must start with a slash, close its braces, and have no query or fragment')
      .describe('Under the base URL. `{name}` is the argument of that name, `{$args#/a/b}` one deeper down.'),
    query: z
      .record(z.string().min(1), json)
      .optional()
      .describe('Values or expressions; a list repeats the parameter.'),
    headers: z.record(headerName, z.string()).optional().describe('Texts, with expressions in braces.'),
    body: json.optional().describe('JSON whose strings may be expressions. Members without a value are left out.'),
    contentType: z.enum(['json', 'form']).default('json').describe('How the body is sent.'),
  })
  .meta({ id: 'request', description: 'A declared HTTP request. Arguments reach it only through typed encoders.' });

/** One HTTP system that the tools call. */
export const upstream = z
  .strictObject({
    baseUrl: setting.describe('Where its API starts, e.g. https://api.billing.example/v1.'),
    allowedHosts: z
      .array(hostName)
      .min(1)
      .describe("The URL's host must be one of these, or the server refuses to start."),
    addresses: z
      .enum(['public', 'private'])
      .default('public')
      .describe('Whether its name may lead into a private network. Link-local and cloud metadata addresses: never.'),
    credential: credential.default({ type: 'none' }).describe('What authenticates this server there.'),
    timeout: duration.prefault('10s').describe('For one attempt.'),
    retries: z
      .strictObject({
        attempts: z.int().min(1).max(10).default(3).describe('How often a request is sent at most.'),
        maxDelay: duration.prefault('5s').describe('The longest pause between two attempts.'),
      })
      .prefault({})
      .describe('Only where sending again is safe.'),
    maxResponseBytes: size.prefault('1MB').describe('Longer answers are refused while they are read.'),
    errors: z.array(errorMapping).optional().describe("Shared by every tool on this upstream, after the tool's own."),
  })
  .meta({ id: 'upstream', description: 'One HTTP system that the tools call.' });
