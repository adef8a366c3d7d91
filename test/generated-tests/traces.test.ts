/** A generated project whose manifest asks for traces, with a real SDK, over the wire. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { expect, onTestFinished, test } from 'vitest';

import { startUpstream } from '../kernel/upstream/loopback.ts';
import { compileProject, createProject } from './project.ts';

const TRACE_ID = '4bf92f3577b34da6a3ce929d0e0e4736';

/** As an author would write it; `spans.jsonl` stands for wherever spans go. */
const INSTRUMENTATION = `
import { appendFileSync } from 'node:fs';
import { propagation, trace } from '@opentelemetry/api';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';

const exporter = {
  export(spans, done) {
    for (const { name, attributes, parentSpanContext } of spans) {
      appendFileSync('spans.jsonl', JSON.stringify({ name, attributes, parent: parentSpanContext }) + '\\n');
    }
    done({ code: 0 });
  },
  shutdown: async () => {},
};
trace.setGlobalTracerProvider(new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] }));
propagation.setGlobalPropagator(new W3CTraceContextPropagator());
`;

test('a project that asks for traces has the API and no SDK, compiles, and goes on with the trace of its caller', async () => {
  const project = await createProject('billing', (manifest) =>
    manifest.replace('limits: {', 'observability: { traces: opentelemetry, sendTraceTo: [billing] }\nlimits: {'),
  );
  onTestFinished(() => project.remove());
  expect(await compileProject(project)).toBe('');
  const { dependencies } = JSON.parse(await readFile(join(project.path, 'package.json'), 'utf8'));
  const packages = Object.keys(dependencies).filter((name) => name.startsWith('@opentelemetry/'));
  expect(packages).toEqual(['@opentelemetry/api']);

  await writeFile(join(project.path, 'instrumentation.mjs'), INSTRUMENTATION);
  const upstream = await startUpstream({ status: 404, body: {} });
  const env = {
    PATH: process.env.PATH ?? '',
    BILLING_API_URL: upstream.url.origin,
    BILLING_API_TOKEN: 'token',
    MCP_SCOPES: 'invoices:read',
    MCP_AUDIT_FILE: join(project.path, 'audit.jsonl'),
  };
  const args = ['--import', './instrumentation.mjs', 'src/index.ts'];
  const client = new Client({ name: 'test', version: '1.0.0' });
  await client.connect(
    new StdioClientTransport({ command: process.execPath, args, cwd: project.path, env, stderr: 'ignore' }),
  );
  await client.callTool({
    name: 'get_invoice',
    arguments: { invoice_id: 'inv_4821abcd' },
    _meta: { traceparent: `00-${TRACE_ID}-00f067aa0ba902b7-01` },
  });
  await client.close();
  const [attempt, call] = (await readFile(join(project.path, 'spans.jsonl'), 'utf8'))
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(call).toMatchObject({
    name: 'tools/call get_invoice',
    attributes: { 'hardened_mcp.code': 'INVOICE_NOT_FOUND', 'hardened_mcp.executed': 'no' },
    parent: { traceId: TRACE_ID, spanId: '00f067aa0ba902b7' },
  });
  expect(attempt).toMatchObject({ name: 'GET', attributes: { 'http.response.status_code': 404 } });
  expect(attempt.parent.traceId).toBe(TRACE_ID);
  expect(upstream.received[0]?.headers.traceparent).toMatch(new RegExp(`^00-${TRACE_ID}-`));
}, 60_000);
