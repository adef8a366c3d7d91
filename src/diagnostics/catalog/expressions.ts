/** Runtime expressions and what they refer to. */
import { entry } from './entry.ts';
import { didYouMean, list, quote } from './words.ts';

export const EXPRESSIONS = {
  'expression-invalid': entry<{ readonly written: string }>({
    severity: 'error',
    stage: 'manifest',
    message: ({ written }) => `${quote(written)} is no expression.`,
    why: 'It would be sent, or shown, as it is written.',
    fix: () =>
      'Write $args#/…, $response.body#/…, $response.header.…, $response.status, $principal.subject, $principal.tenant or $operation.key; a request value that really starts with a dollar sign starts with two.',
    example: 'message: "Invoice {$args#/invoice_id} was not found."',
  }),
  'expression-source': entry<{ readonly expression: string; readonly known: readonly string[] }>({
    severity: 'error',
    stage: 'manifest',
    message: ({ expression }) => `${expression} has no value here.`,
    why: 'At this point of a call that value does not exist yet, or not at all; it would be left out.',
    fix: ({ known }) => (known.length === 0 ? 'Remove it.' : `Use ${list(known)}.`),
    example: 'body: { amount: $args#/amount, actor: $principal.subject }',
  }),
  'tenant-unknown': entry<{ readonly tool: string }>({
    severity: 'error',
    stage: 'manifest',
    message: ({ tool }) => `${quote(tool)} names the tenant of its caller, and no token is asked for one.`,
    why: 'Left out, the request would be about every tenant, in the name of a server that may see them all.',
    fix: () =>
      'Say in "auth.claims.tenant" which claim of a token names the tenant; tokens without it are refused then.',
    example:
      'auth: { type: oauth, issuer: { env: MCP_ISSUER }, audience: { env: MCP_AUDIENCE }, claims: { tenant: org_id } }',
  }),
  'unknown-argument': entry<{ readonly expression: string; readonly suggestion?: string }>({
    severity: 'error',
    stage: 'manifest',
    message: ({ expression, suggestion }) =>
      `The tool's input schema has nothing at ${expression}.${didYouMean(suggestion)}`,
    why: 'The schema is closed, so the value could never be there.',
    fix: () => 'Correct the name, or add the property to "inputSchema".',
    example: 'path: /v1/invoices/{invoice_id}',
  }),
  'path-argument-optional': entry<{ readonly expression: string }>({
    severity: 'error',
    stage: 'manifest',
    message: ({ expression }) => `${expression} is part of the path, but a call may leave it out.`,
    why: 'A path with a hole in it is another resource.',
    fix: () => 'Make the argument required in "inputSchema".',
    example: 'required: [invoice_id]',
  }),
  'sensitive-shown': entry<{ readonly expression: string }>({
    severity: 'warning',
    stage: 'manifest',
    message: ({ expression }) =>
      `${expression} is marked "x-sensitive", or has something in it that is, and this text shows it.`,
    why: 'Texts are answered, shown to people and kept as they are: only where arguments are listed is a hash in its place.',
    fix: () => 'Say what is meant by another argument, such as an id; or remove "x-sensitive" where it is none.',
    example: "summary: 'Change the address of customer {$args#/customer_id}'",
  }),
};
