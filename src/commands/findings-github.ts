/** The findings of `check` as workflow commands, which GitHub shows beside the file. */
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
      return `::error file=${escapeProperty(finding.path)},title=${finding.kind}::${escapeData(text)}`;
    })
    .join('\n');
}

function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
