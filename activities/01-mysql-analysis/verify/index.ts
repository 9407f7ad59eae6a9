import type { Analysis } from '../../../core/analysis.ts';
import type { CheckResult } from '../../../core/artifacts.ts';
import type { StageContext } from '../../../core/stage.ts';
import { parseAnalysis } from '../format.ts';
import { code } from '../report/markdown.ts';
import { openSource } from '../source.ts';
import { recountObjects, recountParts } from './recount-objects.ts';
import { recountColumns, recountForeignKeys, recountIndexes, recountRows, recountTables } from './recount.ts';
import { seenParts } from './seen-parts.ts';

const FOLDER = 'stage-01';

/** Asks the server again, by other statements than the analysis used, and holds the artifacts against the answers. */
export async function verify(context: StageContext): Promise<CheckResult[]> {
  const texts = new Map<string, string>();
  for (const reference of context.outputs.filter((output) => /\.(?:md|json)$/.test(output.name))) {
    texts.set(
      reference.name.slice(FOLDER.length + 1),
      Buffer.from(await context.artifacts.read(reference)).toString('utf8'),
    );
  }
  const analysis = parseAnalysis(Buffer.from(texts.get('analysis.json') ?? '{}'));
  const text = (name: string): string => texts.get(name) ?? '';
  const reader = await openSource(context.plan.source, (reference) => context.secret(reference));
  try {
    const seen = await seenParts(reader);
    const structures = text('01_4_table_structures.md');
    return [
      check(
        'S1-R4',
        'Every table is in the artifacts',
        await recountTables(reader, analysis, text('01_2_schema_extraction.md')),
      ),
      check(
        'S1-R5',
        'Every column is in the artifacts, with its type',
        await recountColumns(reader, analysis, structures),
      ),
      check('S1-R6', 'Every index is in the artifacts', await recountIndexes(reader, analysis, structures)),
      check(
        'S1-R7',
        'Every foreign key is in the artifacts',
        recountForeignKeys(seen.foreignKeys, analysis, text('01_3_entity_relationships.md')),
      ),
      check('S1-R14', 'Every CHECK and every partition is in the artifacts', recountParts(seen, analysis, structures)),
      check(
        'S1-R15',
        'Every view, trigger, routine, event and sequence is in the artifacts',
        await recountObjects(reader, analysis, text('01_2_schema_extraction.md')),
      ),
      check('S1-R8', 'The rows of every table are counted', await recountRows(reader, analysis)),
      check('S1-R9', 'Every route is listed', routesListed(analysis, text('01_1_API_access_patterns.md'))),
      check(
        'S1-R10',
        'Every call site is listed and has an access pattern',
        callSitesListed(analysis, text('01_1_API_access_patterns.md')),
      ),
      check('S1-R11', 'Every access pattern is described', patternsListed(analysis, text('01_6_access_patterns.md'))),
      check(
        'S1-R12',
        'Contradictions of the three sources are listed',
        facts(
          analysis.contradictions.map((one) => one.id),
          (id) => text('01_6_access_patterns.md').includes(`| ${id} |`),
        ),
      ),
      check('S1-R13', 'No DynamoDB structure is proposed', proposals(texts)),
    ];
  } finally {
    await reader.close();
  }
}

/** Single facts by name, with whether each held. */
export type Facts = readonly { readonly name: string; readonly holds: boolean }[];

function check(id: string, title: string, held: Facts): CheckResult {
  const failures = held.filter((fact) => !fact.holds).map((fact) => fact.name);
  return { id, title, passed: held.length - failures.length, total: held.length, failures: failures.slice(0, 10) };
}

export function facts(names: readonly string[], holds: (name: string) => boolean): Facts {
  return names.map((name) => ({ name, holds: holds(name) }));
}

function routesListed(analysis: Analysis, text: string): Facts {
  return analysis.application.routes.map((route) => ({
    name: `${route.method} ${route.path}`,
    holds: text.includes(`| ${route.id} | ${route.method} | ${code(route.path)} |`),
  }));
}

function callSitesListed(analysis: Analysis, text: string): Facts {
  const patterns = new Map(analysis.accessPatterns.map((pattern) => [pattern.id, pattern]));
  return analysis.application.callSites.map((site) => {
    const pattern = patterns.get(site.accessPattern ?? '');
    const owned = site.statement === 'other' || pattern?.callSites.includes(site.id) === true;
    return { name: `${site.id} ${site.span.file}:${site.span.line}`, holds: owned && text.includes(`| ${site.id} |`) };
  });
}

function patternsListed(analysis: Analysis, text: string): Facts {
  return analysis.accessPatterns.map((pattern) => ({
    name: pattern.id,
    holds: text.includes(`## ${pattern.id}: `) && pattern.normalisedSql.every((sql) => text.includes(code(sql))),
  }));
}

/** Analysis must not anticipate the design: no keys, indexes or tables of DynamoDB in what it hands on. */
function proposals(texts: ReadonlyMap<string, string>): Facts {
  const words = /\b(?:GSI|LSI|KeySchema|AttributeDefinitions|ProjectionType|BillingMode)\b|\bsort key of\b/;
  return facts(
    [...texts.keys()].filter((name) => name.endsWith('.md')),
    (name) => !words.test(texts.get(name) ?? ''),
  );
}
