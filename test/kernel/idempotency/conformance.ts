/** What every operation store has to do. Run over each of them. */
import { afterEach } from 'vitest';

import { testApprovals } from './conformance/approvals.ts';
import { testCaps } from './conformance/caps.ts';
import { testClaims } from './conformance/claims.ts';
import { testDoubt } from './conformance/doubt.ts';
import { testEntries } from './conformance/entries.ts';
import { testEpochs } from './conformance/epochs.ts';
import { testPeople } from './conformance/people.ts';
import { testShelves } from './conformance/shelves.ts';
import { testSteps } from './conformance/steps.ts';
import type { Fresh, StoreUnderTest } from './conformance/subject.ts';

export { RETENTION_MS } from './conformance/subject.ts';

export function testStore(open: Fresh): void {
  const opened: StoreUnderTest[] = [];
  afterEach(async () => {
    for (const subject of opened.splice(0)) await subject.dispose();
  });

  async function fresh(): Promise<StoreUnderTest> {
    const subject = await open();
    opened.push(subject);
    return subject;
  }

  testClaims(fresh);
  testDoubt(fresh);
  testSteps(fresh);
  testApprovals(fresh);
  testCaps(fresh);
  testPeople(fresh);
  testShelves(fresh);
  testEntries(fresh);
  testEpochs(fresh);
}
