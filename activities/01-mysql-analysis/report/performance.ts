import type { Analysis, LogFacts } from '../../../core/analysis.ts';
import { shapeOwners } from '../merge/shapes.ts';
import { code, codes, document, number, plain, table } from './markdown.ts';

/** 01_5_performance_analysis.md: what the log measured. */
export function performanceAnalysis(analysis: Analysis, charts: readonly string[]): string {
  const { log } = analysis;
  if (log === undefined) {
    return document(
      '# Performance analysis',
      'No query log was given (`source.queryLog` or `source.statementDigests`), so no rate was measured. Stage 2 takes rates that are stated or assumed by name, and stops where it has none.',
    );
  }
  const owners = shapeOwners(analysis.accessPatterns);
  return document(
    '# Performance analysis',
    summary(log),
    ...(log.notes === undefined ? [] : [log.notes.map((note) => `- ${plain(note)}`).join('\n')]),
    ...charts
      .filter((name) => name.endsWith('.svg'))
      .map((name) => `![${plain(name.replace('.svg', '').replaceAll('_', ' '))}](charts/${encodeURI(name)})`),
    '## Shapes',
    'Means are over the whole time of the log; peaks are the busiest second and the busiest minute. A dash is what the log does not tell.',
    table(
      [
        'fingerprint',
        'pattern',
        'kind',
        'tables',
        'key columns',
        'count',
        'mean/s',
        'peak/s',
        'peak/min',
        'latency ms',
        'rows sent',
        'rows examined',
        'first seen',
        'last seen',
        'statement',
      ],
      log.shapes.map((shape) => [
        shape.fingerprint,
        owners(shape.normalisedSql).join(', ') || '–',
        shape.kind,
        codes(shape.tables),
        codes(shape.keyColumns),
        number(shape.count),
        number(shape.meanPerSecond),
        number(shape.peakPerSecond),
        number(shape.peakPerMinute),
        measures(shape.latencyMs),
        measures(shape.rowsSent),
        measures(shape.rowsExamined),
        plain(shape.firstSeen),
        plain(shape.lastSeen),
        code(shape.normalisedSql),
      ]),
    ),
  );
}

/** Each with its name: which of them are known differs from log to log. */
function measures(values: Readonly<Record<string, number>> | undefined): string {
  const known = Object.entries(values ?? {});
  return known.length === 0 ? '–' : known.map(([name, value]) => `${name} ${number(value)}`).join(', ');
}

function summary(log: LogFacts): string {
  return table(
    ['fact', 'value'],
    [
      ['log', code(log.source)],
      ['statements', number(log.statements)],
      ['lines or entries that could not be read', number(log.unparsed)],
      ['distinct shapes', number(log.shapes.length)],
      ['from', plain(log.firstSeen)],
      ['to', plain(log.lastSeen)],
    ],
  );
}
