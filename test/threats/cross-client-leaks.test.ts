/** Many callers, the same request ids, at the same time: each gets the answer to what it asked, as who it is. */
import { expect, test } from 'vitest';

import { callOf, send } from '../kernel/auth/signed-in.ts';
import { setTarget, startHttp, useProject } from './target.ts';

useProject();

const CLIENTS = 20;
const CALLS = 20;

test('each of many callers with equal request ids gets its own answers', async () => {
  const target = await setTarget();
  const { url } = await startHttp(target);
  const callers = Array.from({ length: CLIENTS }, (_, index) => `caller-${index}`);
  const wrong = await Promise.all(
    callers.map(async (sub) => {
      const token = await target.issuer.sign({ sub, org: `org-of-${sub}`, scope: 'read', roles: ['manager'] });
      const mistakes: string[] = [];
      for (let turn = 0; turn < CALLS; turn += 1) {
        const nonce = `${sub}-${turn}`;
        const echo = { ...callOf('echo'), params: { name: 'echo', arguments: { text: nonce } } };
        const [echoed, managed] = await Promise.all([send(url, token, echo), send(url, token, callOf('manage'))]);
        if (!echoed.body.includes(`"structuredContent":{"text":"${nonce}"}`)) mistakes.push(`${nonce}: ${echoed.body}`);
        if (!managed.body.includes(`"text":"${sub}"`)) mistakes.push(`${sub}: ${managed.body}`);
      }
      return mistakes;
    }),
  );
  expect(wrong.flat()).toEqual([]);
});
