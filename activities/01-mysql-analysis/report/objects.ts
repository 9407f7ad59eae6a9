import type { Analysis, RoutineFacts } from '../../../core/analysis.ts';
import { code, codes, document, plain, table } from './markdown.ts';

/** Sections of what a database has besides tables; nothing of it is migrated, and a reader must know of all of it. */
export function objectSections(analysis: Analysis): string[] {
  const { views, triggers, routines, events, sequences = [], hidden = [] } = analysis;
  return [
    '## Views',
    table(
      ['view', 'columns', 'check option', 'updatable', 'security', 'definition'],
      views.map((one) => [
        code(one.name),
        (one.columns ?? []).map((column) => code(`${column.name} ${column.columnType}`)).join(', '),
        plain(one.checkOption ?? ''),
        one.updatable === true ? 'yes' : 'no',
        plain(`${one.security ?? ''} ${one.definer ?? ''}`),
        code(one.definition),
      ]),
    ),
    '## Triggers',
    table(
      ['trigger', 'table', 'when', 'order', 'definer', 'statement'],
      triggers.map((one) => [
        code(one.name),
        code(one.table),
        `${one.timing} ${one.event}`,
        one.order ?? '–',
        plain(one.definer ?? ''),
        code(one.statement),
      ]),
    ),
    '## Routines',
    table(
      ['routine', 'type', 'parameters', 'returns', 'data', 'deterministic', 'security', 'text'],
      routines.map((one) => [
        code(one.name),
        one.type,
        parameters(one),
        one.returns === undefined ? '–' : code(one.returns),
        plain(one.dataAccess ?? ''),
        one.deterministic === true ? 'yes' : 'no',
        plain(`${one.security ?? ''} ${one.definer ?? ''}`),
        one.definition === undefined ? 'not shown to the user' : code(one.definition),
      ]),
    ),
    '## Events',
    table(
      ['event', 'status', 'schedule', 'on completion', 'definer', 'statement'],
      events.map((one) => [
        code(one.name),
        plain(one.status),
        plain(`${one.schedule ?? ''} (${one.timeZone ?? ''})`),
        plain(one.onCompletion ?? ''),
        plain(one.definer ?? ''),
        code(one.definition ?? ''),
      ]),
    ),
    ...(sequences.length === 0 ? [] : ['## Sequences', codes(sequences)]),
    ...(hidden.length === 0 ? [] : [hiddenSection(hidden)]),
  ];
}

function parameters(one: RoutineFacts): string {
  const texts = (one.parameters ?? []).map((each) => code(`${each.mode} ${each.name} ${each.type}`.trim()));
  return texts.length === 0 ? '–' : texts.join(', ');
}

function hiddenSection(hidden: NonNullable<Analysis['hidden']>): string {
  return document(
    '## What the user may not see',
    'The lists above may lack these: the server leaves out what a user may not see, without an error.',
    table(
      ['objects', 'shown after'],
      hidden.map((one) => [plain(one.objects), code(one.grant)]),
    ),
  );
}
