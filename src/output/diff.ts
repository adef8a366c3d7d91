/** Unified diffs, as `git diff` and `patch` know them. */
import { createTwoFilesPatch } from 'diff';

/** Beyond this many changed lines a diff says nothing to a reader, and costs too much. */
const MAX_EDITS = 4_000;

/** From one text to another; no text stands for a file that does not exist. */
export function unifiedDiff(path: string, before: string | undefined, after: string | undefined): string {
  const from = before === undefined ? '/dev/null' : `a/${path}`;
  const to = after === undefined ? '/dev/null' : `b/${path}`;
  const patch = createTwoFilesPatch(from, to, before ?? '', after ?? '', undefined, undefined, {
    context: 3,
    maxEditLength: MAX_EDITS,
  });
  const body = patch?.replace(/^={67}\n/, '');
  return body ?? `--- ${from}\n+++ ${to}\n(too different for a diff)\n`;
}
