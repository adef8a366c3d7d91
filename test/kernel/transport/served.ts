/** A server to be started as a process of its own: `node served.ts [flags]`. Its tools are handlers with hand-made schemas. */
import { setTimeout as sleep } from 'node:timers/promises';

import type { AnyHandler } from '../../../templates/kernel/handler.ts';
import { sqlite } from '../../../templates/kernel/idempotency/sqlite.ts';
import { writesOn } from '../../../templates/kernel/pipeline/write-path.ts';
import type { Policy } from '../../../templates/kernel/policy.ts';
import { start } from '../../../templates/kernel/start.ts';
import type { ServerDeclaration, Tool, ToolDefinition, Validator } from '../../../templates/kernel/tool.ts';
import { serveHttp } from '../../../templates/kernel/transport/http.ts';
import { serveStdio } from '../../../templates/kernel/transport/stdio.ts';

const hasText: Validator = (value) => {
  const isFine = typeof value === 'object' && value !== null && 'text' in value && typeof value.text === 'string';
  hasText.errors = isFine ? null : [{ instancePath: '', keyword: 'required', params: { missingProperty: 'text' } }];
  return isFine;
};
const anything: Validator = () => true;

function tool(name: string, handler: AnyHandler, about: { policy?: Partial<Policy>; output?: object } = {}): Tool {
  const output = about.output as ToolDefinition['outputSchema'];
  return {
    definition: {
      name,
      description: `The tool ${name}.`,
      inputSchema: { type: 'object', properties: { text: { type: 'string' } }, required: ['text'] },
      annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
      ...(output && { outputSchema: output }),
    },
    policy: { mutability: 'read-only', scopes: ['read'], roles: [], sensitive: [], ...about.policy },
    errors: [],
    handler,
    validators: () => Promise.resolve({ input: hasText, ...(output && { output: anything }) }),
  };
}

const server: ServerDeclaration = {
  name: 'served',
  version: '1.2.3',
  instructions: 'Use it well.',
  scopes: { read: [], write: ['read'] },
  roles: {},
  upstreams: [],
  retentionMs: 86_400_000,
  tools: [
    tool('echo', ({ text }) => ({ text }), {
      output: { type: 'object', properties: { text: { type: 'string' } }, required: ['text'] },
    }),
    tool('letters', ({ text }) => String(text).split(''), { output: { type: 'array', items: { type: 'string' } } }),
    tool('chatty', ({ text }) => {
      console.log('printed by a handler');
      return text;
    }),
    tool('slow', async ({ text }) => {
      process.stderr.write('slow began\n');
      await sleep(300);
      return text;
    }),
    tool('note', ({ text }) => text, {
      policy: {
        mutability: 'additive',
        scopes: ['write'],
        idempotency: { strategy: 'natural', recovery: 'send-again' },
      },
    }),
  ],
};

await start(server, { stdio: serveStdio, http: serveHttp, writes: writesOn(sqlite) });
