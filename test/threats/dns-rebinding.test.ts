/** A page of somebody else's, in a browser on this machine, gets no answer: whatever its name leads to. */
import { request, type OutgoingHttpHeaders } from 'node:http';

import { expect, test } from 'vitest';

import { LIST } from '../kernel/auth/signed-in.ts';
import { setTarget, startHttp, useProject } from './target.ts';

useProject();

function statusOf(url: URL, token: string, headers: OutgoingHttpHeaders): Promise<number> {
  return new Promise((resolve, reject) => {
    const usual = {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
    };
    const outgoing = request(url, { method: 'POST', agent: false, headers: { ...usual, ...headers } }, (incoming) => {
      incoming.resume();
      resolve(incoming.statusCode ?? 0);
    });
    outgoing.on('error', reject);
    outgoing.end(JSON.stringify(LIST));
  });
}

const EVIL = [
  'evil.example',
  '127.0.0.1.evil.example',
  'localhost.evil.example',
  '169.254.169.254',
  '0.0.0.0',
  'mcp.example.evil',
  'xn--mcp',
];

test('a Host or an Origin of somebody else is answered with 403, with a good token too, on every path', async () => {
  const target = await setTarget();
  const { url } = await startHttp(target);
  const token = await target.issuer.sign({ org: 'acme' });
  const paths = ['/mcp', '/operations', '/.well-known/oauth-protected-resource'].map((path) => new URL(path, url));
  for (const path of paths) {
    for (const name of EVIL) {
      for (const host of [name, `${name}:${url.port}`])
        expect([host, await statusOf(path, token, { host })]).toEqual([host, 403]);
      for (const origin of [`http://${name}`, `https://${name}:${url.port}`]) {
        expect([origin, await statusOf(path, token, { origin })]).toEqual([origin, 403]);
      }
    }
    expect(await statusOf(path, token, { origin: 'null' })).toBe(403);
  }
  expect(await statusOf(url, token, {})).toBe(200);
  expect(await statusOf(url, token, { host: 'mcp.example', origin: `http://localhost:${url.port}` })).toBe(200);
});

test('it listens on this machine alone, unless told otherwise', async () => {
  const { url } = await startHttp(await setTarget());
  expect(url.hostname).toBe('127.0.0.1');
});
