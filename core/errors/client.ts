import { defineErrors } from './catalogue.ts';

/** Errors of the command line: what went wrong before or between the workflow and the operator. */
export const clientErrors = defineErrors({
  'client.usage': {
    summary: 'The command was not understood.',
    remedy: 'Run `cutover help` or `cutover help COMMAND`.',
    retryable: false,
  },
  'client.file-unreadable': {
    summary: 'A file given on the command line could not be read.',
    remedy: 'Check the path and its permissions; JSON and YAML are understood.',
    retryable: false,
  },
  'client.file-exists': {
    summary: 'The file to be written exists already.',
    remedy: 'Choose another name, or pass --force to replace it.',
    retryable: false,
  },
  'client.temporal-unreachable': {
    summary: 'The Temporal server did not answer.',
    remedy:
      'Start it, or set TEMPORAL_ADDRESS (and TEMPORAL_NAMESPACE, TEMPORAL_TLS, TEMPORAL_API_KEY) to where it is.',
    retryable: true,
  },
  'client.migration-unknown': {
    summary: 'There is no migration of this name.',
    remedy: 'Check the name; `temporal workflow list` shows what the server knows.',
    retryable: false,
  },
  'client.migration-exists': {
    summary: 'A migration of this name is running, or has completed.',
    remedy:
      'Look with `cutover status NAME`; one name is one migration at a time. A completed one is repeated with --again.',
    retryable: false,
  },
  'client.refused': {
    summary: 'The migration refused the request.',
    remedy: 'Look with `cutover status NAME` what it takes now.',
    retryable: false,
  },
  'client.no-worker': {
    summary: 'No worker answered for the migration.',
    remedy: 'Start a worker on the task queue `cutover` (`npx tsx worker/main.ts`) and ask again.',
    retryable: true,
  },
  'client.check-failed': {
    summary: 'The preflight found something that would stop the migration.',
    remedy: 'Mend what the table names and check again.',
    retryable: false,
  },
  'client.audit-broken': {
    summary: 'The audit trail is not what was written.',
    remedy: 'Compare audit.jsonl with a backup from the place that is named; do not rely on records after it.',
    retryable: false,
  },
});
