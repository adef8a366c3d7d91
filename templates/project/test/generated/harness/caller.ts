/** Who calls in a test. */
import type { Caller } from '../../../src/kernel/caller.ts';
import type { Subject } from './subject.ts';

/** Somebody who holds exactly what the tool asks for, of several roles one; or what the test says. */
export function callerFor(subject: Subject, holds: Partial<Pick<Subject, 'scopes' | 'roles'>> = {}): Caller {
  return {
    subject: 'tester',
    tenant: 'generated-test',
    run: 'generated-test',
    scopes: new Set(holds.scopes ?? subject.scopes),
    roles: new Set(holds.roles ?? subject.roles.slice(0, 1)),
  };
}
