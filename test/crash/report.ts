/** What a run came to, in words. */
import type { Complaint } from './judge.ts';
import type { Run } from './run.ts';

/** One line for each complaint, with all that was heard of the entry; empty where all is well. */
export function complaintsOf({ complaints, seed }: Pick<Run<unknown>, 'complaints' | 'seed'>): readonly string[] {
  return complaints.map(({ rule, history }) => {
    const { name, effects, state = 'not in the store', heard } = history;
    const answers = heard.map(({ reply }) => (reply.kind === 'error' ? `${reply.code} ${reply.executed}` : reply.kind));
    return `${name} ${rule} (seed ${seed}): ${effects.length} effects, ${state}; heard ${inBrief(answers)}`;
  });
}

/** Answers that were given several times in a row, once. */
function inBrief(answers: readonly string[]): string {
  return answers.filter((answer, index) => answer !== answers[index - 1]).join(', ');
}

/** How many complaints of each kind there are. */
export function tally(complaints: readonly Complaint[]): Readonly<Record<string, number>> {
  const rules = complaints.map(({ rule }) => rule);
  return Object.fromEntries([...new Set(rules)].map((rule) => [rule, rules.filter((other) => other === rule).length]));
}
