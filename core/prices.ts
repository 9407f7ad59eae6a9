/** Prices of DynamoDB in one region on one date. */
export interface PriceTable {
  readonly version: number;
  /** Day on which the prices held, as `2024-11-01`. */
  readonly asOf: string;
  readonly region: string;
  readonly currency: string;
  readonly tableClass: string;
  /** Where the prices were read. */
  readonly source: string;
  readonly onDemand: { readonly perMillionWriteUnits: number; readonly perMillionReadUnits: number };
  readonly provisioned: { readonly writeUnitHour: number; readonly readUnitHour: number };
  readonly storageGigabyteMonth: number;
}
