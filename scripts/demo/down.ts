import { downStack } from '../../stack/index.ts';
import { stopKept } from './kept.ts';
import { STACK } from './settings.ts';

/** `npm run stack:down`: ends what `npm run demo -- --keep` left running, and nothing else. */
const processes = await stopKept();
const parts = await downStack(STACK);
const what = [...(processes > 0 ? [`${processes} processes of the demo`] : []), ...parts];
process.stdout.write(what.length === 0 ? 'Nothing was running.\n' : `Stopped ${what.join(', ')}.\n`);
