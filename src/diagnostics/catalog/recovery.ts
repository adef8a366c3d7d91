/** What follows an outcome that nobody knows. */
import { entry } from './entry.ts';
import { list, quote } from './words.ts';

/** `"upstreamKey" and "lookup"` */
const quoted = (fields: readonly string[]): string => list(fields.map(quote), 'and');

export const RECOVERY = {
  'recovery-missing': entry<{ readonly tool: string }>({
    severity: 'error',
    stage: 'manifest',
    message: ({ tool }) => `${quote(tool)} cannot be undone and has no way out of an unknown outcome.`,
    why: 'When the answer is lost nobody knows whether the effect happened; repeating could double it.',
    fix: () =>
      'Add "upstreamKey" (the upstream recognises repeats), "lookup" (read back what happened), or "recovery: quarantine" (a person decides); for a handler that acts in ctx.step only, "recovery: resume".',
    example: 'idempotency:\n  strategy: derived-key\n  key: [$args#/invoice_id]\n  recovery: quarantine',
  }),
  'recovery-contradiction': entry<{ readonly recovery: string; readonly beside: readonly string[] }>({
    severity: 'error',
    stage: 'manifest',
    message: ({ recovery, beside }) =>
      `"recovery: ${recovery}" stands beside ${quoted(beside)}, which ${beside.length === 1 ? 'says' : 'say'} already what follows an unknown outcome.`,
    why: 'With an "upstreamKey" it is sent again, with a "lookup" read back. One of the two would be ignored.',
    fix: ({ recovery, beside }) => `Remove "recovery: ${recovery}", or ${quoted(beside)}.`,
    example:
      'idempotency:\n  strategy: derived-key\n  key: [$args#/invoice_id]\n  upstreamKey: { header: Idempotency-Key, retention: 24h }',
  }),
  'resume-without-handler': entry<{ readonly tool: string }>({
    severity: 'error',
    stage: 'manifest',
    message: ({ tool }) => `${quote(tool)} is one declared request, so there is no step to resume from.`,
    why: 'Resuming runs a handler again; the steps that it finished are not repeated. A request has no steps.',
    fix: () =>
      'Add "upstreamKey" or "lookup" in its place, write "recovery: quarantine", or remove "request" and write a handler that acts in ctx.step only.',
    example: 'idempotency:\n  strategy: derived-key\n  key: [$args#/invoice_id]\n  recovery: quarantine',
  }),
  'lookup-missing': entry<{ readonly tool: string }>({
    severity: 'error',
    stage: 'manifest',
    message: ({ tool }) => `${quote(tool)} reads before it writes, but has no "lookup".`,
    why: 'The lookup is what is read: it says whether the effect exists already.',
    fix: () => 'Add "lookup" with the request, and the schema that its answer matches when the effect exists.',
    example:
      'lookup:\n  request: { upstream: crm, method: GET, path: "/v1/notes", query: { key: $operation.key } }\n  found: { required: [id] }\n  settle: 5s',
  }),
  'upstream-key-taken': entry<{ readonly place: 'header' | 'body'; readonly name: string }>({
    severity: 'error',
    stage: 'manifest',
    message: ({ place, name }) =>
      `The request has ${place === 'header' ? `a header ${quote(name)}` : `${quote(name)} in its body`} already, and the upstream's key is to stand there.`,
    why: 'One of the two would be lost, and with another key the upstream has a second effect.',
    fix: ({ place, name }) =>
      `Remove ${quote(name)} from the request's ${place === 'header' ? '"headers"' : '"body"'}: "upstreamKey" adds it.`,
    example: 'upstreamKey: { header: Idempotency-Key, retention: 24h }',
  }),
  'upstream-key-without-body': entry<{ readonly tool: string }>({
    severity: 'error',
    stage: 'manifest',
    message: ({ tool }) =>
      `The upstream's key is to stand in the body, but the request of ${quote(tool)} has no object there.`,
    why: 'The key is one member of an object that is sent; without it a repeat is no repeat to the upstream.',
    fix: () => 'Write the members of "body" in the manifest, or use "header".',
    example: 'upstreamKey: { header: Idempotency-Key, retention: 24h }',
  }),
  'upstream-retention-too-short': entry<{ readonly tool: string }>({
    severity: 'error',
    stage: 'manifest',
    message: ({ tool }) =>
      `The upstream of ${quote(tool)} forgets a key before an unknown outcome could be sent again under it.`,
    why: 'That an outcome is unknown shows only when the lease of its process has run out, and in the last five minutes nothing is sent any more: it might arrive too late.',
    fix: () => 'If the upstream remembers a key for 10m or more, write that; else remove "upstreamKey".',
    example: 'upstreamKey: { header: Idempotency-Key, retention: 24h }',
  }),
  'redis-irreversible': entry<{ readonly tool: string }>({
    severity: 'error',
    stage: 'manifest',
    message: ({ tool }) => `${quote(tool)} cannot be undone; a Redis store does not protect it enough.`,
    why: 'Redis may lose its last writes in a crash. Then only an upstream that recognises repeats prevents a double effect.',
    fix: () => 'Use sqlite or postgres as the store, or add "upstreamKey".',
    example: 'idempotency: { store: postgres }',
  }),
};
