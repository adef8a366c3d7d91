/** A yes counts once, for the question that was asked, from whom it was asked: whatever is changed makes it nobody's. */
import { expect, test } from 'vitest';

import { holdQuestion, isForged, isHeld, send, type Person } from '../kernel/approvals/people.ts';
import { sitDown } from './people.ts';
import { setTarget, startHttp, useProject, type Target } from './target.ts';

useProject();

const pay = (args: Record<string, unknown>) => ({ name: 'pay', args });
const QUESTION = pay({ to: 'bo', cents: 5 });

const payments = ({ upstream }: Target) => upstream.received.filter(({ url }) => url === '/v1/payments');

async function start() {
  const target = await setTarget();
  const started = await startHttp(target);
  const person = await sitDown(target, {}, started);
  return { target, started, person, ...(await holdQuestion(person, QUESTION)) };
}

const agree = (person: Person, requestState: string, question = QUESTION) =>
  send(person, { ...question, requestState, action: 'accept' });

test('with any byte of it changed, or cut off, it is refused and nothing is paid', async () => {
  const { target, person, requestState } = await start();
  const bytes = [...requestState];
  const flipped = bytes.map((byte, index) => bytes.with(index, byte === 'A' ? 'B' : 'A').join(''));
  const cut = [1, 10, 40, bytes.length - 1].map((length) => requestState.slice(0, length));
  const accepted: string[] = [];
  for (const state of [...flipped, ...cut, `${requestState}A`, `${requestState}.${requestState}`]) {
    if (!(await isForged(person, { ...QUESTION, requestState: state, action: 'accept' }))) accepted.push(state);
  }
  expect(accepted).toEqual([]);
  expect(payments(target)).toEqual([]);
  await agree(person, requestState);
  expect(payments(target)).toHaveLength(1);
}, 60_000);

test('from another user or tenant, or for other arguments or another tool, it pays nothing', async () => {
  const { target, started, person, requestState } = await start();
  for (const seat of [{ subject: 'eve' }, { tenant: 'other' }, { subject: 'eve', tenant: 'other' }]) {
    const other = await sitDown(target, seat, started);
    expect(await isForged(other, { ...QUESTION, requestState, action: 'accept' })).toBe(true);
  }
  for (const args of [
    { to: 'eve', cents: 5 },
    { to: 'bo', cents: 6 },
    { to: 'bo ', cents: 5 },
  ]) {
    const answer = await agree(person, requestState, pay(args));
    expect({ args, isAsked: isHeld(answer) }).toEqual({ args, isAsked: true });
  }
  expect(payments(target)).toEqual([]);
});

test('given twice, and twenty times at once, it pays once', async () => {
  const { target, person, requestState } = await start();
  await Promise.all(Array.from({ length: 20 }, () => agree(person, requestState)));
  await agree(person, requestState);
  expect(payments(target)).toHaveLength(1);
});

test('a no stands: the yes that comes after it pays nothing', async () => {
  const { target, person, requestState } = await start();
  await send(person, { ...QUESTION, requestState, action: 'decline' });
  await agree(person, requestState);
  expect(payments(target)).toEqual([]);
});
