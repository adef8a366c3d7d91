/** Clients of the target with somebody in front of them. */
import { Client, StreamableHTTPClientTransport, type ElicitResult } from '@modelcontextprotocol/client';
import { onTestFinished } from 'vitest';

import type { Person } from '../kernel/approvals/people.ts';
import { startHttp, type Started, type Target } from './target.ts';

export interface Seat {
  readonly subject?: string;
  readonly tenant?: string;
  /** What the person does with every question. */
  readonly answer?: ElicitResult['action'];
}

/** Over HTTP, at a server that is there or at a new one. */
export async function sitDown(target: Target, seat: Seat = {}, started?: Started): Promise<Person> {
  const { subject = 'ada', tenant = 'acme', answer = 'cancel' } = seat;
  const { url } = started ?? (await startHttp(target));
  const token = await target.issuer.sign({ sub: subject, org: tenant, scope: 'pay' });
  const asked: string[] = [];
  const client = new Client(
    { name: 'test', version: '0' },
    { capabilities: { elicitation: { form: {} } }, versionNegotiation: { mode: 'auto' } },
  );
  client.setRequestHandler('elicitation/create', ({ params }) => {
    asked.push(params.message);
    return { action: answer, content: {} };
  });
  const requestInit = { headers: { authorization: `Bearer ${token}` } };
  await client.connect(new StreamableHTTPClientTransport(url, { requestInit }));
  onTestFinished(() => client.close());
  return { client, asked };
}
