import type { AccessPattern, LogFacts, LogShape, TableFacts } from '../../../core/analysis.ts';
import type { ApplicationAnalysis, CallSite } from '../../../core/data-access.ts';
import { Names } from '../../../sql/scope.ts';
import { templateReferences, type TemplateReferences } from '../../../sql/template-references.ts';
import { withLogShapes } from './builder-calls.ts';
import { shapeMatcher, shapeOwners } from './shapes.ts';
import { titleOf } from './titles.ts';

/** A pattern with what its statements name beyond what the pattern itself carries. */
export interface PatternFinding {
  readonly pattern: AccessPattern;
  readonly references: TemplateReferences;
}

export interface MergedApplication {
  /** Call sites with their access pattern filled in. */
  readonly application: ApplicationAnalysis;
  readonly findings: readonly PatternFinding[];
  /** Log shapes that no call site produces. */
  readonly onlyInLog: readonly LogShape[];
}

/**
 * Groups the application's statements into access patterns, one for each distinct shape, and gives each the rates
 * that the log measured. Statements that are neither reading nor writing rows (SET, BEGIN) belong to none.
 */
export function mergeAccessPatterns(
  application: ApplicationAnalysis,
  tables: readonly TableFacts[],
  log: LogFacts | undefined,
): MergedApplication {
  const names = new Names(tables);
  const groups = groupCallSites(application.callSites, names);
  const findings = [...groups.values()].map(({ sites, references }, index) => ({
    pattern: patternOf(index, sites, references, application, log),
    references,
  }));
  const patternOfSite = new Map(
    findings.flatMap(({ pattern }) => pattern.callSites.map((id) => [id, pattern.id] as const)),
  );
  const owners = shapeOwners(findings.map(({ pattern }) => pattern));
  const onlyInLog = (log?.shapes ?? []).filter((shape) => owners(shape.normalisedSql).length === 0);
  const builderCalls = withLogShapes(application.builderCalls ?? [], onlyInLog);
  return {
    application: {
      ...application,
      ...(builderCalls.length === 0 ? {} : { builderCalls }),
      callSites: application.callSites.map((site) => {
        const accessPattern = patternOfSite.get(site.id);
        return accessPattern === undefined ? site : { ...site, accessPattern };
      }),
    },
    findings,
    onlyInLog,
  };
}

interface Group {
  readonly sites: CallSite[];
  readonly references: TemplateReferences;
}

function groupCallSites(callSites: readonly CallSite[], names: Names): Map<string, Group> {
  const groups = new Map<string, Group>();
  for (const site of callSites) {
    if (site.statement === 'other') continue;
    const references = templateReferences(site.template, names);
    const key = references.normalisedSql.join('\n');
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { sites: [site], references });
    else group.sites.push(site);
  }
  return groups;
}

function patternOf(
  index: number,
  sites: readonly CallSite[],
  references: TemplateReferences,
  application: ApplicationAnalysis,
  log: LogFacts | undefined,
): AccessPattern {
  const ids = sites.map((site) => site.id);
  const first = sites[0];
  if (first === undefined) throw new Error('a pattern has a call site');
  const produces = shapeMatcher({ template: first.template, normalisedSql: references.normalisedSql });
  const seen = (log?.shapes ?? []).filter((shape) => produces(shape.normalisedSql));
  const reaches = (callSites: readonly string[]): boolean => callSites.some((id) => ids.includes(id));
  return {
    id: `AP-${String(index + 1).padStart(3, '0')}`,
    title: titleOf(references),
    kind: references.statement === 'select' ? 'read' : 'write',
    template: first.template,
    normalisedSql: references.normalisedSql,
    callSites: ids,
    routes: application.routes.filter((route) => reaches(route.callSites)).map((route) => route.id),
    transactions: application.transactions.filter((unit) => reaches(unit.callSites)).map((unit) => unit.id),
    tables: references.tables,
    predicates: references.predicates,
    orderBy: references.orderBy,
    limited: references.limited,
    aggregates: references.aggregates,
    rates: ratesOf(seen),
    seen: log === undefined ? 'no log' : seen.length > 0 ? 'code and log' : 'only in code',
  };
}

/** Means add up exactly; peaks add up to an upper bound, since the variants need not peak in the same second. */
function ratesOf(seen: readonly LogShape[]): AccessPattern['rates'] {
  if (seen.length === 0) return { mean: 0, peak: 0, provenance: 'unknown' };
  return {
    mean: round(seen.reduce((sum, shape) => sum + shape.meanPerSecond, 0)),
    peak: seen.reduce((sum, shape) => sum + shape.peakPerSecond, 0),
    provenance: 'measured',
  };
}

function round(value: number): number {
  return Math.round(value * 1e6) / 1e6;
}
