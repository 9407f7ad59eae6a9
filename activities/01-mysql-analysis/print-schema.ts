import { writeFileSync } from 'node:fs';
import { format } from 'prettier';
import { schemaOfType } from './schema-of-types.ts';

const text = await format(JSON.stringify(schemaOfType('analysis.ts', 'Analysis')), { parser: 'json', printWidth: 120 });
writeFileSync(new URL('./analysis.schema.json', import.meta.url), text);
