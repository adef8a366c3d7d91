/** The part of the manifest about one tool. */
import { z } from 'zod';

import { errorMapping, request } from './schema-upstream.ts';
import { duration, errorCode, expression, headerName, json, jsonSchema, scopeName, toolSchema } from './values.ts';

export const count = z.int().min(1).max(1_000_000_000);

export const writeCaps = z
  .strictObject({
    perRun: count.describe('In one session of a caller.'),
    perHour: count.describe('In an hour.'),
    perDay: count.describe('In a day.'),
    per: z.enum(['principal', 'tenant', 'server']).describe('Whose calls are counted together. Default: principal.'),
  })
  .partial()
  .meta({ id: 'writeCaps', description: 'Hard caps on executed writes.' });

const occurrence = z
  .union([
    z.strictObject({
      every: z.enum(['hour', 'day', 'week', 'month']).describe('The window.'),
      timezone: z.string().default('UTC').describe('IANA time zone of the window.'),
    }),
    z.strictObject({ argument: expression.describe('The argument whose values set calls apart.') }),
    z.literal('none'),
  ])
  .meta({
    id: 'occurrence',
    description: 'When the same call is meant again: once a window, once per value of an argument, or never.',
  });

const lookup = z
  .strictObject({
    request: request.describe('Reads, and nothing else.'),
    found: jsonSchema.describe(
      'JSON Schema: the body of the answer matches it when the effect exists. With `properties` or `required`, and without `type`, only an object can.',
    ),
    result: expression.optional().describe('The part of the answer that is the result. Default: the whole body.'),
    settle: duration.describe('How long the upstream may take to apply a request.'),
  })
  .meta({ id: 'lookup', description: 'Read-back for outcomes that are not known.' });

export const idempotency = z
  .strictObject({
    strategy: z
      .enum(['derived-key', 'caller-key', 'natural', 'read-before-write'])
      .describe('Where the key comes from; see the table below.'),
    key: z.array(expression).min(1).optional().describe('The arguments that say which effect is meant.'),
    occurrence: occurrence.optional().describe('When the same call is meant again. Default: never.'),
    upstreamKey: z
      .union([
        z.strictObject({
          header: headerName.describe('The header that takes the key.'),
          retention: duration.describe('How long the upstream remembers it.'),
        }),
        z.strictObject({
          body: z.string().min(1).describe('The member of the body that takes the key.'),
          retention: duration.describe('How long the upstream remembers it.'),
        }),
      ])
      .optional()
      .describe(
        'Where the upstream takes an idempotency key, and how long it remembers it. It has to answer a repeated key as it ' +
          'did the first time, before it looks at anything else.',
      ),
    lookup: lookup.optional().describe('Reads back what happened.'),
    recovery: z
      .enum(['quarantine', 'resume'])
      .optional()
      .describe(
        'Of an unknown outcome, without `upstreamKey` and `lookup`. quarantine: it waits for a person, as by default. ' +
          'resume: the handler acts in `ctx.step` only, so a run that died between steps goes on from there.',
      ),
  })
  .meta({ id: 'idempotency', description: 'How a repeated call is recognised.' });

export const approval = z
  .union([
    z.literal('none'),
    z.strictObject({
      when: jsonSchema.optional().describe('JSON Schema on the arguments; absent: always.'),
      by: z
        .enum(['caller', 'approver'])
        .describe('The caller is asked in the client; an approver is somebody who holds the scope.'),
      scope: scopeName.optional().describe('What an approver holds.'),
      expires: duration.prefault('15m').describe('How long the question stands.'),
      summary: z.string().min(1).max(2_000).describe('What the person reads; expressions in braces.'),
    }),
  ])
  .meta({ id: 'approval', description: 'Who has to say yes before the call is executed.' });

export const precondition = z
  .strictObject({
    request: request.describe('Reads, and nothing else.'),
    require: z
      .array(
        z.union([
          z.strictObject({
            value: expression.describe('A part of the answer.'),
            equals: json.describe('What it must be; strings may be expressions.'),
          }),
          z.strictObject({
            value: expression.describe('A part of the answer.'),
            schema: jsonSchema.describe('JSON Schema that it must match.'),
          }),
        ]),
      )
      .min(1)
      .describe('All must hold.'),
    code: errorCode.describe('The error when one does not hold; its category is failed_precondition.'),
    message: z.string().min(1).max(2_000).describe('Text for the model; expressions in braces.'),
    suggestedAction: z.string().min(1).max(500).optional().describe('What the model should do next.'),
  })
  .meta({ id: 'precondition', description: 'What must hold before the call is executed.' });

/** The keys that a `tools/list` result carries beside the described ones: accepted as copied. */
const copiedFromToolsList = {
  annotations: z
    .record(z.string(), z.unknown())
    .nullish()
    .describe('Hints of a copied tool. Not trusted: the hints shown come from `mutability`.'),
  _meta: z.record(z.string(), z.unknown()).optional().describe('Shown as it is.'),
  icons: z.array(z.record(z.string(), z.unknown())).optional().describe('Shown as they are.'),
  execution: z.record(z.string(), z.unknown()).nullish().describe('Of a copied tool; not used.'),
};

export const tool = z
  .strictObject({
    // The rule on tool names checks this; here it is only for editors.
    name: z.string().meta({
      pattern: '^[A-Za-z0-9_.-]{1,64}$',
      description: '1 to 64 of A-Z, a-z, 0-9, underscore, dot and dash.',
    }),
    title: z.string().min(1).optional().describe('Shown to people.'),
    description: z.string().optional().describe('Tells the model what the tool does and when to use it.'),
    mutability: z
      .enum(['read-only', 'additive', 'destructive', 'irreversible'])
      .describe("What a call may do to the world; gives MCP's hints."),
    scopes: z.array(scopeName).describe('Every one is needed. Empty only together with `public: true`.'),
    roles: z.array(z.string().min(1)).min(1).optional().describe('The caller needs at least one of them.'),
    public: z.literal(true).optional().describe('Anyone who may connect may call this tool.'),
    upstreamScopes: z
      .array(scopeName)
      .min(1)
      .optional()
      .describe('The token minted for this call carries these and no more.'),
    openWorld: z.boolean().optional().describe('Whether it reaches beyond this system. Default: it has a request.'),
    inputSchema: toolSchema.describe(
      'JSON Schema of the arguments. Objects are closed where it does not say otherwise.',
    ),
    outputSchema: toolSchema.optional().describe('JSON Schema of the result; what it does not name is removed.'),
    request: request.optional().describe('A declared tool: the HTTP request. Without it the tool is a handler.'),
    response: z
      .strictObject({ result: expression.describe('The part of the answer that is the result.') })
      .optional()
      .describe('Default: the whole body is the result.'),
    idempotency: idempotency.optional().describe('How a repeated call is recognised. Needed where the tool writes.'),
    approval: approval
      .optional()
      .describe('Who has to say yes before the call is executed. Needed where it is irreversible.'),
    because: z.string().min(1).optional().describe('Why `approval: none` is right for an irreversible tool.'),
    limits: writeCaps.optional().describe('Hard caps on executed writes of this tool.'),
    preconditions: z.array(precondition).min(1).optional().describe('Read and checked before the call is executed.'),
    errors: z.array(errorMapping).optional().describe('Errors with a meaning; the first that fits is taken.'),
    ...copiedFromToolsList,
  })
  .meta({ id: 'tool', description: 'One tool.' });
