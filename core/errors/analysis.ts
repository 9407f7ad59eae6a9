import { defineErrors } from './catalogue.ts';

/** Errors of stage 1: the source database, the application's source, the query log. */
export const analysisErrors = defineErrors({
  'analysis.source-unreachable': {
    summary: 'The MySQL server could not be reached.',
    remedy: 'Check host, port and TLS of `source` in the plan, and that the server runs and lets the worker in.',
    retryable: true,
  },
  'analysis.access-denied': {
    summary: 'The MySQL server refused the user or the password.',
    remedy: 'Check `source.user` and what `source.password` refers to; the user needs SELECT on the database.',
    retryable: false,
  },
  'analysis.database-missing': {
    summary: 'The database does not exist on the server, or the user may not use it.',
    remedy: 'Correct `source.database`, or grant the user SELECT on it.',
    retryable: false,
  },
  'analysis.database-empty': {
    summary: 'The database has no base tables, so there is nothing to migrate.',
    remedy: 'Correct `source.database`; views alone can not be migrated.',
    retryable: false,
  },
  'analysis.privileges-missing': {
    summary: "The database user's privileges do not suffice to read everything that must be migrated.",
    remedy:
      'Run the GRANT that the detail says as an administrator: SELECT, SHOW VIEW, TRIGGER and EVENT on the database.',
    retryable: false,
  },
  'analysis.mcp-unreachable': {
    summary: 'The MCP server could not be started or reached.',
    remedy: 'Run `source.mcp.command` by hand, or open its `url`; check the references to its secrets. Then retry.',
    retryable: true,
  },
  'analysis.mcp-tool-missing': {
    summary: 'The MCP server has no tool, or no argument of it, of the name that the plan says.',
    remedy: 'Set `source.mcp.tool` and `source.mcp.argument` to the ones that run a statement.',
    retryable: false,
  },
  'analysis.mcp-answer-unreadable': {
    summary: "The MCP server's answer does not hold the rows that were asked for.",
    remedy: 'Lower `source.mcp.pageRows`, switch off what changes or hides results in the server, or connect directly.',
    retryable: false,
  },
  'analysis.query-failed': {
    summary: 'The MySQL server refused a reading statement of the analysis.',
    remedy: 'Read the detail; a damaged table or view on the source must be mended or dropped first.',
    retryable: false,
  },
  'analysis.log-unreadable': {
    summary: 'The query log can not be read.',
    remedy: 'Correct `source.queryLog.path`, make the file readable for the worker, or leave `queryLog` out.',
    retryable: false,
  },
  'analysis.log-not-recognised': {
    summary: 'The file is not a query log of the format that the plan says.',
    remedy: 'Set `source.queryLog.format` to `general` or `slow`, and give the log of MySQL or MariaDB itself.',
    retryable: false,
  },
  'analysis.time-zone-unknown': {
    summary: 'The time zone that the plan gives for the query log is not known.',
    remedy: 'Set `source.queryLog.timeZone` to Z, an offset such as +02:00, or a name such as Europe/Vienna.',
    retryable: false,
  },
  'analysis.digests-unavailable': {
    summary: 'The MySQL server does not count statements, or the user may not read the counters.',
    remedy:
      'Start the server with performance_schema=ON and the consumer statements_digest enabled, grant the user SELECT on performance_schema, or give a query log instead of `source.statementDigests`.',
    retryable: false,
  },
  'analysis.python-missing': {
    summary: 'The analysis of the query log needs Python 3.11 or later with venv and pip, which was not found.',
    remedy: 'Install python3 (Debian: python3 and python3-venv), or leave `source.queryLog` out of the plan.',
    retryable: false,
  },
  'analysis.python-failed': {
    summary: 'The Python program that analyses the query log failed.',
    remedy: 'Read the detail; when packages could not be fetched, check the network or the package index and retry.',
    retryable: true,
  },
  'analysis.sources-missing': {
    summary: "The application's source folders do not exist.",
    remedy: 'Correct `application.path` and `application.sources` in the plan.',
    retryable: false,
  },
  'analysis.output-invalid': {
    summary: 'The analysis does not match its own published format.',
    remedy: 'This is a defect of Cutover: report it with the field that is named.',
    retryable: false,
  },
});
