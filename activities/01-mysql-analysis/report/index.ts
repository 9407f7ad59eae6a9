import type { Analysis } from '../../../core/analysis.ts';
import { accessPatterns, apiAccessPatterns } from './access.ts';
import { performanceAnalysis } from './performance.ts';
import { entityRelationships } from './relationships.ts';
import { schemaExtraction } from './schema.ts';
import { tableStructures } from './structures.ts';

/** The six artifacts for people, by file name. Pure: the same analysis gives the same bytes. */
export function reports(analysis: Analysis, charts: readonly string[]): Map<string, string> {
  return new Map([
    ['01_1_API_access_patterns.md', apiAccessPatterns(analysis)],
    ['01_2_schema_extraction.md', schemaExtraction(analysis)],
    ['01_3_entity_relationships.md', entityRelationships(analysis)],
    ['01_4_table_structures.md', tableStructures(analysis)],
    ['01_5_performance_analysis.md', performanceAnalysis(analysis, charts)],
    ['01_6_access_patterns.md', accessPatterns(analysis)],
  ]);
}
