/** The steps shown to the operator: the tasks of specs/01-mysql-analysis/tasks.md, in order. */
export const STEPS = {
  schema: 'Read the schema',
  sizes: 'Count and measure the tables',
  data: 'Check the data',
  application: "Analyse the application's source",
  log: 'Analyse the query log',
  merge: 'Merge the three sources',
  artifacts: 'Write the artifacts',
} as const;
