/** The findings of `check` as workflow commands, which GitHub shows beside the file. */
import { annotation } from '../diagnostics/github.ts';
import type { Finding } from '../index.ts';
import { shortenDiff } from './diff-text.ts';
import { nameFinding } from './findings-text.ts';

/** One line per finding; paths are relative to the project. */
export function annotateFindings(findings: readonly Finding[]): string {
  return findings
    .map((finding) => {
      const diff = finding.kind === 'dependency' ? undefined : finding.diff;
      const text = [
        `${finding.kind}: ${nameFinding(finding)}`,
        ...(diff === undefined ? [] : [shortenDiff(diff)]),
      ].join('\n');
      return annotation('error', { file: finding.path, title: finding.kind }, text);
    })
    .join('\n');
}
