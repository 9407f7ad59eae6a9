/** Limits of DynamoDB (Developer Guide, "Service, account, and table quotas" and "Burst and adaptive capacity"). */
export const LIMITS = {
  itemBytes: 400 * 1024,
  indexesPerTable: 20,
  partitionReadUnits: 3000,
  partitionWriteUnits: 1000,
  tableReadUnits: 40_000,
  tableWriteUnits: 40_000,
  transactionItems: 100,
} as const;
