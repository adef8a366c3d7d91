/** The manifest's upstreams, the requests that go to them, and the errors that come back. */
import { z } from 'zod';

import {
  duration,
  errorCode,
  expression,
  jsonSchema,
  referenceName,
  secretReference,
  setting,
  size,
} from './values.ts';

const clientCredentials = {
  tokenUrl: setting,
  clientId: setting,
  clientSecret: secretReference,
  audience: z.string().min(1).optional(),
};

/** What authenticates the server to its upstream. The model never sees it. */
export const credential = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('none') }),
  z.strictObject({ type: z.literal('bearer'), token: secretReference }),
  z.strictObject({
    type: z.literal('api-key'),
    key: secretReference,
    header: z.string().min(1).default('X-API-Key').describe('The header that carries the key.'),
  }),
  z.strictObject({ type: z.literal('basic'), username: setting, password: secretReference }),
  z.strictObject({ type: z.literal('oauth-client-credentials'), ...clientCredentials }),
  z.strictObject({
    type: z.literal('oauth-token-exchange'),
    ...clientCredentials,
    actorToken: secretReference.optional(),
  }),
  z.strictObject({ type: z.literal('provider') }),
]);

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
export const errorMapping = z.strictObject({
  when: z
    .strictObject({
      status: z.union([statusCode, z.array(statusCode).min(1)]),
      body: jsonSchema.optional().describe('JSON Schema on the body of the answer.'),
    })
    .optional()
    .describe('Which answers are meant. Needed where there is a request; without it only `ctx.fail` gives this error.'),
  code: errorCode,
  category: z.enum(ERROR_CATEGORIES),
  message: z.string().min(1).max(2_000).describe('Text for the model; expressions in braces.'),
  suggestedAction: z.string().min(1).max(500).optional(),
  retryAfter: expression.optional(),
  executed: z
    .enum(['no', 'yes', 'unknown'])
    .optional()
    .describe('Whether the effect happened although the upstream answered so. Default: from the status.'),
  terminal: z
    .literal(true)
    .optional()
    .describe('The refusal is the final answer for this key; without it the key is free again.'),
});

/** A declared HTTP request. Arguments reach it only through typed encoders. */
export const request = z.strictObject({
  upstream: referenceName,
  method: z.enum(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']),
  path: z.string().regex(/^\/[^?#]*$/, 'must start with a slash and have no query or fragment'),
  query: z.record(z.string().min(1), z.json()).optional(),
  headers: z.record(z.string().min(1), z.string()).optional(),
  body: z.json().optional(),
  contentType: z.enum(['json', 'form']).default('json'),
});

/** One HTTP system that the tools call. */
export const upstream = z.strictObject({
  baseUrl: setting,
  allowedHosts: z.array(z.string().min(1)).min(1).describe("The URL's host must be one of these."),
  credential: credential.default({ type: 'none' }),
  timeout: duration.prefault('10s'),
  retries: z
    .strictObject({ attempts: z.int().min(1).max(10).default(3), maxDelay: duration.prefault('5s') })
    .prefault({}),
  maxResponseBytes: size.prefault('1MB'),
  errors: z.array(errorMapping).optional().describe("Shared by every tool on this upstream, after the tool's own."),
});
