import type { AccessPattern, Analysis, Predicate } from '../../../core/analysis.ts';
import { inputsOf, variantsOf } from './call-site-details.ts';
import { code, codes, document, number, plain, table } from './markdown.ts';

/** 01_1_API_access_patterns.md: routes, and the statements that each reaches. */
export function apiAccessPatterns(analysis: Analysis): string {
  const { application } = analysis;
  const patterns = new Map(application.callSites.map((site) => [site.id, site.accessPattern ?? '–']));
  const patternsOf = (sites: readonly string[]): string =>
    [...new Set(sites.map((id) => patterns.get(id) ?? '–'))].join(', ') || '–';
  const { driver } = application;
  return document(
    '# API access patterns',
    `Framework: ${plain(application.framework)}. Driver: decimals as ${driver.decimals}, dates as ${driver.dates}, big numbers ${driver.bigNumbers}, time zone ${code(driver.timeZone)}.`,
    '## Routes',
    table(
      ['route', 'method', 'path', 'guards', 'access patterns', 'call sites', 'source'],
      application.routes.map((one) => [
        one.id,
        one.method,
        code(one.path),
        codes(one.guards),
        patternsOf(one.callSites),
        one.callSites.join(', ') || '–',
        code(`${one.file}:${one.line}`),
      ]),
    ),
    '## Call sites',
    table(
      ['call site', 'within', 'statement', 'api', 'receiver', 'result', 'transaction', 'access pattern', 'source'],
      application.callSites.map((one) => [
        one.id,
        code(one.within),
        one.statement,
        `${one.api}, ${one.style}`,
        one.receiver,
        one.resultFields === undefined ? one.result : `${one.result}: ${one.resultFields.join(', ')}`,
        one.transaction ?? '–',
        one.accessPattern ?? '–',
        code(`${one.span.file}:${one.span.line}:${one.span.column}`),
      ]),
    ),
    '## Inputs of call sites',
    inputsOf(application.callSites),
    '## Variants of statements',
    'Stretches of SQL that are not always sent, by conditions over the inputs above; `…` stands for a stretch with conditions of its own.',
    variantsOf(application.callSites),
    '## Transactions',
    table(
      ['transaction', 'within', 'call sites', 'access patterns', 'source'],
      application.transactions.map((one) => [
        one.id,
        code(one.within),
        one.callSites.join(', ') || '–',
        patternsOf(one.callSites),
        code(`${one.file}:${one.line}`),
      ]),
    ),
    ...builderCalls(analysis),
    '## Not resolved',
    table(
      ['source', 'reason', 'excerpt'],
      application.unresolved.map((one) => [code(`${one.file}:${one.line}`), plain(one.reason), code(one.excerpt)]),
    ),
  );
}

/** Statements that a library makes: their SQL is not in the source, only in the log. */
function builderCalls({ application }: Analysis): string[] {
  const { builderCalls: calls = [] } = application;
  if (calls.length === 0) return [];
  return [
    '## Calls of query builders',
    'Their SQL is made when the program runs; shapes of the log about the same table and of the same kind stand beside them.',
    table(
      ['call', 'library', 'within', 'kind', 'table or model', 'methods', 'shapes of the log', 'source'],
      calls.map((one) => [
        one.id,
        one.library,
        code(one.within),
        one.kind,
        one.target === undefined ? '–' : code(one.target),
        codes(one.operations),
        one.logShapes?.join(', ') ?? '–',
        code(`${one.file}:${one.line}`),
      ]),
    ),
  ];
}

/** 01_6_access_patterns.md: the numbered patterns, and where the three sources disagree. */
export function accessPatterns(analysis: Analysis): string {
  return document(
    '# Access patterns',
    'One pattern for each distinct shape of a statement in the code. Rates are requests a second, measured in the log where the pattern was seen there; a pattern that was not seen has an unknown rate, not zero.',
    table(
      ['pattern', 'title', 'kind', 'tables', 'seen', 'mean', 'peak', 'routes', 'transactions'],
      analysis.accessPatterns.map((one) => [
        one.id,
        plain(one.title),
        one.kind,
        codes(one.tables),
        one.seen,
        ...(one.rates.provenance === 'unknown' ? ['–', '–'] : [number(one.rates.mean), number(one.rates.peak)]),
        one.routes.join(', ') || '–',
        one.transactions.join(', ') || '–',
      ]),
    ),
    ...analysis.accessPatterns.map(patternSection),
    '## Contradictions',
    table(
      ['id', 'sources', 'finding'],
      analysis.contradictions.map((one) => [one.id, one.sources.join(', '), plain(one.finding)]),
    ),
    ...unusedObjects(analysis),
  );
}

/** Tables that nobody reads and columns that nobody uses, with what the two lists rest on. */
function unusedObjects({ unused }: Analysis): string[] {
  if (unused === undefined) return [];
  const { callSites, logShapes, unresolved, unparsed } = unused.lookedAt;
  const named = [...new Set(unused.columns.map((one) => one.table))];
  return [
    '## Not used',
    `Looked at: ${callSites} call sites, ${logShapes === undefined ? 'no log' : `${logShapes} shapes of the log`}. Not known: the SQL of ${unresolved} places in the source, the columns of ${unparsed} statements beyond the grammar. Triggers, routines and events of the database were not looked at.`,
    '### Tables that nobody reads',
    table(
      ['table', 'written'],
      unused.tables.map((one) => [code(one.table), one.written ? 'yes' : 'no']),
    ),
    '### Columns that nobody uses',
    table(
      ['table', 'columns'],
      named.map((name) => [
        code(name),
        codes(unused.columns.filter((one) => one.table === name).map((one) => one.column)),
      ]),
    ),
  ];
}

function patternSection(one: AccessPattern): string {
  const order = one.orderBy.map((by) => `${by.table}.${by.column}${by.descending ? ' DESC' : ''}`);
  return document(
    `## ${one.id}: ${plain(one.title)}`,
    one.normalisedSql.map((sql) => `- ${code(sql)}`).join('\n'),
    table(
      ['column', 'operator', 'with', 'always'],
      one.predicates.map((predicate) => [
        code(`${predicate.table}.${predicate.column}`),
        predicate.operator,
        withWhat(predicate),
        predicate.always ? 'yes' : 'no',
      ]),
    ),
    `Order: ${codes(order)}. Limited: ${one.limited ? 'yes' : 'no'}. Aggregates: ${one.aggregates ? 'yes' : 'no'}. Call sites: ${one.callSites.join(', ')}.`,
  );
}

function withWhat(predicate: Predicate): string {
  return predicate.with === 'value' ? 'value' : code(`${predicate.with.table}.${predicate.with.column}`);
}
