import { expect, test } from 'vitest';

import { ERAS } from './messages.ts';
import { callOverHttp, callOverStdio, SHARES_ANSWERS } from './nonces.ts';

test('each of 50 clients gets its own answers over HTTP, though their request ids are equal', async () => {
  expect(await callOverHttp({ clients: 50, calls: 40 })).toEqual({ answered: 2_000, mixedUp: [] });
}, 120_000);

test.each(ERAS)(
  'each of 2,000 calls of one client gets its own answer over stdio (%s era)',
  async (era) => {
    expect(await callOverStdio({ calls: 2_000, era })).toEqual({ answered: 2_000, mixedUp: [] });
  },
  60_000,
);

test('a server that shares one place for answers is found out', async () => {
  const overHttp = await callOverHttp({ clients: 20, calls: 5, change: SHARES_ANSWERS });
  expect(overHttp.mixedUp).not.toEqual([]);
  const overStdio = await callOverStdio({ calls: 100, era: 'modern', change: SHARES_ANSWERS });
  expect(overStdio.mixedUp).not.toEqual([]);
}, 60_000);
